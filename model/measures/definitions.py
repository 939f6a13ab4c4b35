"""Where the definitions of measures come from: the documents of redesigns, and official statistics.

Names only. Which document asks for what, and what is out of scope, is in
`model.measures.asked_for`.
"""

from __future__ import annotations

STOCKPORT = "Stockport Supporting Families Pathway (local practice example, 2011)"
SEFTON_PATHWAY = "Sefton family support pathway (Interface, 2014)"
SEFTON_STRATEGY = "Sefton Early Help Strategy 2019-21"
OUTCOMES_FRAMEWORK = "Sefton Supporting Families Outcomes Framework 2022-25"
FAMILIES_FIRST = "Sefton Families First Partnership newsletter (March 2026)"
# In the order of their dates.
DOCUMENTS: tuple[str, ...] = (
    STOCKPORT,
    SEFTON_PATHWAY,
    SEFTON_STRATEGY,
    OUTCOMES_FRAMEWORK,
    FAMILIES_FIRST,
)

IN_NEED_STATISTICS = "DfE statistics: children in need"
CARE_STATISTICS = "DfE statistics: children looked after"
WORKFORCE_STATISTICS = "DfE statistics: children's social work workforce"
INSPECTION = "Ofsted's lists for inspections (Annex A)"
WORKING_TOGETHER = "Working Together to Safeguard Children"
SAFEGUARDING_PRESSURES = "ADCS Safeguarding Pressures"
TROUBLED_FAMILIES = "National evaluation of the Troubled Families Programme 2015-20"
OURS = "this model's own"
SOURCES: tuple[str, ...] = (
    *DOCUMENTS,
    IN_NEED_STATISTICS,
    CARE_STATISTICS,
    WORKFORCE_STATISTICS,
    INSPECTION,
    WORKING_TOGETHER,
    SAFEGUARDING_PRESSURES,
    TROUBLED_FAMILIES,
    OURS,
)
