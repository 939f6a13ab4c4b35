"""Bad children in need censuses, each with the message that it must give, and the line."""

from __future__ import annotations

import re
import time

import pytest

from model.errors import InputError
from model.returns import cin_census, xml_guard
from model.returns.faults import Severity, counted
from tests.returns.census_files import (
    CHILD,
    HEADER,
    PRE_PROCEEDINGS,
    WHOLE,
    line_of,
    read_text,
    replaced,
)

TWO_DETAILS = CHILD[CHILD.index("      <CINdetails>") : CHILD.index("    </Child>")]

PLAN = CHILD[CHILD.index("        <CINPlanDates>") : CHILD.index("        <Section47>")]
MISSING = "a required element is missing or empty"
CODE = "a code that is not in the published list"
NONE = "an element that a census does not have"

# name: (changes, kind, severity, part, column, where the line is, words that must be there)
FAULTS: dict[str, tuple] = {
    # Tags
    "a misspelt date": (
        [
            (
                "CINreferralDate>2023-05-02</CINreferralDate",
                "CINreferalDate>2023-05-02</CINreferalDate",
            )
        ],
        (NONE, "blanked", "CINdetails", "CINreferalDate", "<CINreferalDate", "CINreferralDate"),
    ),
    "and what it leaves": (
        [
            (
                "CINreferralDate>2023-05-02</CINreferralDate",
                "CINreferalDate>2023-05-02</CINreferalDate",
            )
        ],
        (
            MISSING,
            "dropped",
            "CINdetails",
            "CINreferralDate",
            "<CINdetails",
            "referral and episode",
        ),
    ),
    "a tag out of another return": (
        [("<ReferralSource>6<", "<Contact>x</Contact><ReferralSource>6<")],
        (NONE, "blanked", "CINdetails", "", "<Contact>", "It was not used"),
    ),
    "wrong capitals": (
        [("LAchildID>KID7001</LAchildID", "LAChildID>KID7001</LAChildID")],
        (
            "a tag with the wrong capitals",
            "repaired",
            "ChildIdentifiers",
            "LAchildID",
            "<LAChildID",
            "LAchildID",
        ),
    ),
    "an element in the wrong place": (
        [("<Ethnicity>WBRI", "<ReferralNFA>0</ReferralNFA><Ethnicity>WBRI")],
        (
            "an element in the wrong place",
            "blanked",
            "ChildCharacteristics",
            "ReferralNFA",
            "<Ethnicity>",
            "inside CINdetails",
        ),
    ),
    "an element twice": (
        [
            (
                "<ReferralSource>6</ReferralSource>",
                "<ReferralSource>6</ReferralSource><ReferralSource>7</ReferralSource>",
            )
        ],
        (
            "an element that may stand only once",
            "blanked",
            "CINdetails",
            "ReferralSource",
            "<ReferralSource>",
            "first was used",
        ),
    ),
    "an empty element": (
        [("<CINPlanEndDate>2024-02-20</CINPlanEndDate>", "<CINPlanEndDate/>")],
        (
            "an element without a value",
            "noted",
            "CINPlanDates",
            "CINPlanEndDate",
            "<CINPlanEndDate/>",
            "absent",
        ),
    ),
    "no ethnicity": (
        [("        <Ethnicity>WBRI</Ethnicity>\n", "")],
        (
            MISSING,
            "noted",
            "ChildCharacteristics",
            "Ethnicity",
            "<ChildCharacteristics>",
            "unknown",
        ),
    ),
    "an empty flag": (
        [("<ReferralNFA>0</ReferralNFA>", "<ReferralNFA></ReferralNFA>")],
        (MISSING, "noted", "CINdetails", "ReferralNFA", "<ReferralNFA>", "yes or no"),
    ),
    "no identifiers": (
        [
            (
                CHILD[
                    CHILD.index("      <ChildIdentifiers>") : CHILD.index(
                        "      <ChildCharacteristics>"
                    )
                ],
                "",
            )
        ],
        (MISSING, "noted", "Child", "ChildIdentifiers", "<Child>", "ChildIdentifiers"),
    ),
    "elements where a date belongs": (
        [("<CPPendDate>2023-12-10<", "<CPPendDate><Date>2023-12-10</Date><")],
        (
            "elements where a value belongs",
            "blanked",
            "ChildProtectionPlans",
            "CPPendDate",
            "<CPPendDate>",
            "a day",
        ),
    ),
    "text between elements": (
        [("<Sex>F</Sex>", "<Sex>F</Sex>Sam Smith 07700900123")],
        (
            "text between elements",
            "noted",
            "ChildIdentifiers",
            "",
            "<ChildIdentifiers>",
            "aaa aaaaa",
        ),
    ),
    "pre-proceedings before their time": (
        [("      </CINdetails>", PRE_PROCEEDINGS + "      </CINdetails>")],
        (
            "an element that the census of this year does not have",
            "noted",
            "CINdetails",
            "PreProceedingsandFGDM",
            "<PreProceedingsandFGDM>",
            "2026",
        ),
    ),
    # Ids
    "no id": (
        [("<LAchildID>KID7001</LAchildID>", "<LAchildID></LAchildID>")],
        (
            MISSING,
            "dropped",
            "ChildIdentifiers",
            "LAchildID",
            "<LAchildID>",
            "The child was not used",
        ),
    ),
    "a rounded id": (
        [("KID7001", "1.23E+15")],
        (
            "a child id that a spreadsheet has rounded",
            "dropped",
            "ChildIdentifiers",
            "LAchildID",
            "<LAchildID>",
            "9.99a+99",
        ),
    ),
    "an id of zeros": (
        [("KID7001", "0000")],
        (
            "a child id that is none",
            "dropped",
            "ChildIdentifiers",
            "LAchildID",
            "<LAchildID>",
            "9999",
        ),
    ),
    "a child twice": (
        [("    </Child>\n", "    </Child>\n" + CHILD)],
        ("a child that is there twice", "noted", "Child", "", "second:<Child>", "used"),
    ),
    "a referral twice": (
        [("    </Child>\n", TWO_DETAILS + "    </Child>\n")],
        (
            "the same referral of the same child twice",
            "dropped",
            "CINdetails",
            "CINreferralDate",
            "second:<CINdetails>",
            "first",
        ),
    ),
    # Dates
    "a date that no calendar has": (
        [("<CPPendDate>2023-12-10", "<CPPendDate>2023-02-30")],
        (
            "a date that does not exist",
            "dropped",
            "ChildProtectionPlans",
            "CPPendDate",
            "<CPPendDate>",
            "count as open",
        ),
    ),
    "words for a date": (
        [("<CINclosureDate>2024-02-20", "<CINclosureDate>last spring")],
        (
            "a date that cannot be read",
            "dropped",
            "CINdetails",
            "CINclosureDate",
            "<CINclosureDate>",
            "aaaa aaaaaa",
        ),
    ),
    "an unreadable begin": (
        [("<CPPstartDate>2023-07-10", "<CPPstartDate>10/13/2023")],
        (
            "a date that does not exist",
            "dropped",
            "ChildProtectionPlans",
            "CPPstartDate",
            "<CPPstartDate>",
            "not used",
        ),
    ),
    "a date as people write it": (
        [("<PersonBirthDate>2012-12-06", "<PersonBirthDate>06/12/2012")],
        (
            "a date written another way",
            "repaired",
            "ChildIdentifiers",
            "PersonBirthDate",
            "<PersonBirthDate>",
            "the day before the month",
        ),
    ),
    "a placeholder": (
        [("<CINclosureDate>2024-02-20", "<CINclosureDate>1900-01-01")],
        (
            "a placeholder in place of a date",
            "blanked",
            "CINdetails",
            "CINclosureDate",
            "<CINclosureDate>",
            "",
        ),
    ),
    "the battle of Hastings": (
        [("<PersonBirthDate>2012-12-06", "<PersonBirthDate>1066-10-14")],
        (
            "a date in an impossible year",
            "blanked",
            "ChildIdentifiers",
            "PersonBirthDate",
            "<PersonBirthDate>",
            "",
        ),
    ),
    "a review on no day": (
        [("<CPPreviewDate>2023-10-01", "<CPPreviewDate>2023-10-32")],
        (
            "a date that does not exist",
            "noted",
            "Reviews",
            "CPPreviewDate",
            "<CPPreviewDate>",
            "not needed",
        ),
    ),
    # Order
    "a referral after the year": (
        [("<CINreferralDate>2023-05-02", "<CINreferralDate>2024-04-01")],
        (
            "a begin after the reference date",
            "dropped",
            "CINdetails",
            "CINreferralDate",
            "<CINreferralDate>",
            "2024-03-31",
        ),
    ),
    "a closure after the year": (
        [("<CINclosureDate>2024-02-20", "<CINclosureDate>2024-04-01")],
        (
            "an end after the reference date",
            "blanked",
            "CINdetails",
            "CINclosureDate",
            "<CINclosureDate>",
            "still open",
        ),
    ),
    "a closure before the referral": (
        [("<CINclosureDate>2024-02-20", "<CINclosureDate>2023-05-01")],
        (
            "an end before its begin",
            "dropped",
            "CINdetails",
            "CINclosureDate",
            "<CINclosureDate>",
            "either day",
        ),
    ),
    "an assessment before the referral": (
        [("<AssessmentActualStartDate>2023-05-03", "<AssessmentActualStartDate>2023-05-01")],
        (
            "a begin before the referral it belongs to",
            "dropped",
            "Assessments",
            "AssessmentActualStartDate",
            "<AssessmentActualStartDate>",
            "",
        ),
    ),
    "an enquiry before the referral": (
        [("<S47ActualStartDate>2023-06-21", "<S47ActualStartDate>2023-04-21")],
        (
            "a begin before the referral it belongs to",
            "dropped",
            "Section47",
            "S47ActualStartDate",
            "<S47ActualStartDate>",
            "",
        ),
    ),
    "a plan before the referral is still a plan": (
        [("<CPPstartDate>2023-07-10", "<CPPstartDate>2023-04-10")],
        (
            "a begin before the referral it belongs to",
            "noted",
            "ChildProtectionPlans",
            "CPPstartDate",
            "<CPPstartDate>",
            "The plan was used",
        ),
    ),
    "authorised before it began": (
        [("<AssessmentAuthorisationDate>2023-06-20", "<AssessmentAuthorisationDate>2023-05-02")],
        (
            "an end before its begin",
            "dropped",
            "Assessments",
            "AssessmentAuthorisationDate",
            "<AssessmentAuthorisationDate>",
            "",
        ),
    ),
    "a plan that ends before it starts": (
        [("<CINPlanEndDate>2024-02-20", "<CINPlanEndDate>2023-12-10")],
        (
            "an end before its begin",
            "dropped",
            "CINPlanDates",
            "CINPlanEndDate",
            "<CINPlanEndDate>",
            "",
        ),
    ),
    "a protection plan that ends before it starts": (
        [("<CPPendDate>2023-12-10", "<CPPendDate>2023-07-09")],
        (
            "an end before its begin",
            "dropped",
            "ChildProtectionPlans",
            "CPPendDate",
            "<CPPendDate>",
            "",
        ),
    ),
    "a conference before its enquiry": (
        [("<DateOfInitialCPC>2023-07-10", "<DateOfInitialCPC>2023-06-20")],
        (
            "an end before its begin",
            "dropped",
            "Section47",
            "DateOfInitialCPC",
            "<DateOfInitialCPC>",
            "",
        ),
    ),
    "a plan open in a closed case": (
        [("<CINPlanEndDate>2024-02-20</CINPlanEndDate>", "")],
        (
            "a plan that goes on after its case was closed",
            "repaired",
            "CINPlanDates",
            "CINPlanEndDate",
            "<CINPlanDates>",
            "ended with the case",
        ),
    ),
    "closed long ago": (
        [
            ("<CINreferralDate>2023-05-02", "<CINreferralDate>2022-05-02"),
            ("<CINclosureDate>2024-02-20", "<CINclosureDate>2023-02-20"),
        ],
        (
            "closed before the census year began",
            "noted",
            "CINdetails",
            "CINclosureDate",
            "<CINclosureDate>",
            "2023-04-01",
        ),
    ),
    "two open episodes": (
        [("    </Child>\n", TWO_DETAILS.replace("2023-05-02", "2023-05-03") + "    </Child>\n")],
        (
            "a referral while an earlier episode is open",
            "noted",
            "CINdetails",
            "CINreferralDate",
            "second:<CINdetails>",
            "Both",
        ),
    ),
    "a birth after the year": (
        [("<PersonBirthDate>2012-12-06", "<PersonBirthDate>2024-06-06")],
        (
            "a birth after the reference date",
            "repaired",
            "ChildIdentifiers",
            "PersonBirthDate",
            "<PersonBirthDate>",
            "expected birth",
        ),
    ),
    "a pregnancy of years": (
        [
            (
                "<PersonBirthDate>2012-12-06</PersonBirthDate>",
                "<ExpectedPersonBirthDate>2026-06-06</ExpectedPersonBirthDate>",
            )
        ],
        (
            "a birth expected later than a pregnancy lasts",
            "blanked",
            "ChildIdentifiers",
            "ExpectedPersonBirthDate",
            "<ExpectedPersonBirthDate>",
            "",
        ),
    ),
    "a child of sixty": (
        [("<PersonBirthDate>2012-12-06", "<PersonBirthDate>1964-12-06")],
        (
            "a child older than 26 on the reference date",
            "blanked",
            "ChildIdentifiers",
            "PersonBirthDate",
            "<PersonBirthDate>",
            "age is unknown",
        ),
    ),
    "no birth at all": (
        [("        <PersonBirthDate>2012-12-06</PersonBirthDate>\n", "")],
        ("no birth", "noted", "ChildIdentifiers", "PersonBirthDate", "<ChildIdentifiers>", ""),
    ),
    # Meaning
    "no further action, yet all this": (
        [("<ReferralNFA>0", "<ReferralNFA>true")],
        (
            "no further action, yet action follows",
            "blanked",
            "CINdetails",
            "ReferralNFA",
            "<ReferralNFA>",
            "The action was used",
        ),
    ),
    "a closure without reason": (
        [("        <ReasonForClosure>RC7</ReasonForClosure>\n", "")],
        (
            "a closure without a reason",
            "noted",
            "CINdetails",
            "ReasonForClosure",
            "<CINclosureDate>",
            "",
        ),
    ),
    "a reason without closure": (
        [("        <CINclosureDate>2024-02-20</CINclosureDate>\n", "")],
        (
            "a reason for closure without its day",
            "blanked",
            "CINdetails",
            "CINclosureDate",
            "<ReasonForClosure>",
            "still open",
        ),
    ),
    "a conference that was not required": (
        [("<ICPCnotRequired>0", "<ICPCnotRequired>1")],
        (
            "a conference that was not required, yet held",
            "blanked",
            "Section47",
            "ICPCnotRequired",
            "<ICPCnotRequired>",
            "",
        ),
    ),
    "the same plan twice": (
        [("        <Section47>", PLAN + "        <Section47>")],
        (
            "the same begin twice in one referral (CINPlanDates)",
            "dropped",
            "CINPlanDates",
            "CINPlanStartDate",
            "second:<CINPlanDates>",
            "",
        ),
    ),
    # Codes
    "a need of no list": (
        [("<PrimaryNeedCode>N1", "<PrimaryNeedCode>N12")],
        (CODE, "blanked", "CINdetails", "PrimaryNeedCode", "<PrimaryNeedCode>", "N1, N2"),
    ),
    "a source of no list": (
        [("<ReferralSource>6", "<ReferralSource>11")],
        (CODE, "blanked", "CINdetails", "ReferralSource", "<ReferralSource>", "1A"),
    ),
    "small letters": (
        [("<ReasonForClosure>RC7", "<ReasonForClosure>rc7")],
        (
            "a code in small letters",
            "repaired",
            "CINdetails",
            "ReasonForClosure",
            "<ReasonForClosure>",
            "RC7",
        ),
    ),
    "a code of a later year": (
        [("<ReferralSource>6", "<ReferralSource>5D")],
        (
            "a code that came in a later year",
            "noted",
            "CINdetails",
            "ReferralSource",
            "<ReferralSource>",
            "2026",
        ),
    ),
    "a category of no list": (
        [("<InitialCategoryOfAbuse>NEG", "<InitialCategoryOfAbuse>NEGLECT")],
        (
            CODE,
            "blanked",
            "ChildProtectionPlans",
            "InitialCategoryOfAbuse",
            "<InitialCategoryOfAbuse>",
            "NEG, PHY",
        ),
    ),
    "a sex by number": (
        [("<Sex>F", "<Sex>2")],
        (CODE, "noted", "ChildIdentifiers", "Sex", "<Sex>", "M, F, U"),
    ),
    "an answer that is no answer": (
        [("<ReferralNFA>0", "<ReferralNFA>maybe")],
        ("neither yes nor no", "blanked", "CINdetails", "ReferralNFA", "<ReferralNFA>", ""),
    ),
    "yes in words": (
        [("<ICPCnotRequired>0", "<ICPCnotRequired>No")],
        (
            "a yes or no in words",
            "repaired",
            "Section47",
            "ICPCnotRequired",
            "<ICPCnotRequired>",
            "",
        ),
    ),
    "plans without number": (
        [("<NumberOfPreviousCPP>1", "<NumberOfPreviousCPP>many")],
        (
            "a number that cannot be",
            "blanked",
            "ChildProtectionPlans",
            "NumberOfPreviousCPP",
            "<NumberOfPreviousCPP>",
            "",
        ),
    ),
    "none beside a disability": (
        [
            (
                "<Disability>NONE</Disability>",
                "<Disability>NONE</Disability><Disability>LD</Disability>",
            )
        ],
        ("NONE beside a disability", "noted", "Disabilities", "Disability", "<Child>", ""),
    ),
    # Header
    "a year against its reference date": (
        [("<Year>2024", "<Year>2023")],
        (
            "the year does not agree with the reference date",
            "repaired",
            "CollectionDetails",
            "Year",
            "<Year>",
            "31 March 2024",
        ),
    ),
    "a reference date in summer": (
        [("2024-03-31", "2024-07-21")],
        (
            "the reference date is not a 31 March",
            "repaired",
            "CollectionDetails",
            "ReferenceDate",
            "<ReferenceDate>",
            "2024-03-31",
        ),
    ),
    "no council": (
        [("<LEA>201", "<LEA>2887Q")],
        ("no number of a council", "blanked", "Source", "LEA", "<LEA>", "9999a"),
    ),
    "not from a council": (
        [("<SourceLevel>L", "<SourceLevel>S")],
        (
            "the return is not said to come from a council",
            "noted",
            "Source",
            "SourceLevel",
            "<SourceLevel>",
            "",
        ),
    ),
    "no word on which return": (
        [("      <Collection>CIN</Collection>\n", "")],
        (
            "the header does not say which return it is",
            "noted",
            "CollectionDetails",
            "Collection",
            "<CollectionDetails>",
            "CIN",
        ),
    ),
    "two headers": (
        [("  <Children>", HEADER + "  <Children>")],
        ("a second header", "blanked", "Header", "", "second:<Header>", "first"),
    ),
    "a year to come": (
        [("<Year>2024", "<Year>2031"), ("2024-03-31", "2031-03-31")],
        (
            "a census of a later year than this reader knows",
            "noted",
            "CollectionDetails",
            "Year",
            "<Year>",
            "2026",
        ),
    ),
    "a stranger among the children": (
        [("    <Child>\n", "    <Kid/>\n    <Child>\n")],
        (NONE, "blanked", "Children", "", "<Kid/>", "Child"),
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_line_and_what_was_done(tmp_path, name):
    changes, (kind, severity, part, column, piece, words) = FAULTS[name]
    text = replaced(*changes)
    records = read_text(tmp_path, text)
    found = [
        one for one in records.faults if (one.kind, one.part, one.column) == (kind, part, column)
    ]
    assert found, [str(one) for one in records.faults]
    assert {one.severity for one in found} == {Severity(severity)}
    if piece.startswith("second:"):
        piece = piece.removeprefix("second:")
        first = text.index(piece) + 1
        line = text[: text.index(piece, first)].count("\n") + 1
    else:
        line = line_of(piece, text)
    assert found[0].line == line
    assert words in str(found[0])
    for said in map(str, records.faults):
        assert not re.search(r"KID7001|2012-12-06|Smith|07700", said)


BOMB = "<!DOCTYPE m [" + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "lol"}">' for n in range(10)
)
SMALL = xml_guard.Limits(elements=200, record_elements=100, token_bytes=100_000)
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "not well-formed"),
    "not XML": ("CHILD,DECOM\n1,2\n", "not well-formed"),
    "random bytes": (bytes(range(256)) * 20, "not well-formed|understands"),
    "cut short": (WHOLE[:1500], "not well-formed"),
    "two roots": (WHOLE + WHOLE, "not well-formed"),
    "a tag left open": (WHOLE.replace("</Child>", ""), "not well-formed"),
    "a web page": ("<html><body>Sign in</body></html>", "XML of another kind"),
    "another return": (WHOLE.replace(">CIN<", ">SWF<"), r"another kind \(SWF\)"),
    "another return, long name": (WHOLE.replace(">CIN<", ">Sam Smith 1234<"), r"aaa aaaaa 9999"),
    "no header": (f"<Message><Children>{CHILD}</Children></Message>", "children before any header"),
    "an empty header": (
        f"<Message><Header/><Children>{CHILD}</Children></Message>",
        "a header without CollectionDetails",
    ),
    "no year": (
        WHOLE.replace("<Year>2024</Year>", "").replace("2024-03-31", "soon"),
        "no year of a census",
    ),
    "a year before the census": (
        WHOLE.replace("<Year>2024", "<Year>1999").replace("2024-03-31", "1999-03-31"),
        "the year 1999",
    ),
    "no children": (f"<Message>{HEADER}</Message>", "a census without a child"),
    "empty children": (f"<Message>{HEADER}<Children/></Message>", "a census without a child"),
    "a message of nothing": ("<Message/>", "a Message without a Header"),
    "billion laughs": (BOMB + "]><Message>&a9;</Message>", "document type or an entity"),
    "quadratic blow-up": (
        f'<!DOCTYPE m [<!ENTITY a "{"x" * 50_000}">]><Message>{"&a;" * 5_000}</Message>',
        "document type or an entity",
    ),
    "a file from outside": (
        '<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]><Message>&a;</Message>',
        "document type or an entity",
    ),
    "a document type from outside": (
        '<!DOCTYPE Message SYSTEM "http://127.0.0.1:9/cin.dtd"><Message/>',
        "document type or an entity",
    ),
    "a parameter entity": (
        '<!DOCTYPE m [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]><Message/>',
        "document type or an entity",
    ),
    "an unknown entity": (WHOLE.replace("KID7001", "&kid;"), "not well-formed"),
    "a deep hole": ("<Message>" + "<a>" * 100_000, "more than 24 elements inside each other"),
    "a deep hole in a child": (
        WHOLE.replace("<Sex>F</Sex>", "<a>" * 50_000),
        "more than 24 elements inside each other",
    ),
    "a million attributes": (
        "<Message " + " ".join(f'a{n}="1"' for n in range(1_000_000)) + "/>",
        "one tag, comment or text of more than|more than 32 attributes",
    ),
    "forty attributes": (
        WHOLE.replace("<Child>", "<Child " + " ".join(f'a{n}="1"' for n in range(40)) + ">"),
        "more than 32 attributes of one element",
    ),
    "a huge text": (WHOLE.replace("KID7001", "x" * 3_000_000), "more than 4,000 characters"),
    "a huge comment": (
        WHOLE.replace("<Header>", f"<!--{'x' * 3_000_000}--><Header>"),
        "one tag, comment or text of more than",
    ),
    "a huge tag": ("<Message><" + "x" * 3_000_000 + "/>", "one tag, comment|characters in a tag"),
    "too many elements": (
        WHOLE.replace("<Children>", "<Children>" + "<a/>" * 300),
        "more than 200 elements in the file",
    ),
    "too much in one child": (
        WHOLE.replace("<Sex>F</Sex>", "<Sex>F</Sex>" * 120),
        "more than 100 elements inside one record",
    ),
    "declared in one encoding, written in another": (
        '<?xml version="1.0" encoding="no-such"?>' + WHOLE,
        "not well-formed|understands",
    ),
    "bytes that are no UTF-8": (WHOLE.encode().replace(b"KID", b"\xff\xfe\xff"), "not well-formed"),
    "a zero byte": (WHOLE.replace("KID7001", "K\0D"), "not well-formed"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_census_is_refused_in_a_moment(tmp_path, name):
    text, message = REFUSED[name]
    path = tmp_path / "bad.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    started = time.process_time()
    with pytest.raises(InputError, match=message) as raised:
        cin_census.read([path], limits=SMALL)
    assert time.process_time() - started < 5
    assert "bad.xml" in str(raised.value)
    assert not re.search(r"KID7001|Smith|2012-12-06", str(raised.value))
    assert raised.value.__cause__ is None


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="cannot be opened"):
        cin_census.read([tmp_path / "none.xml"])
    assert not cin_census.recognise(tmp_path / "none.xml")


def test_a_file_that_is_too_large(tmp_path):
    path = tmp_path / "large.xml"
    path.write_text(WHOLE + " " * 1_100_000)
    with pytest.raises(InputError, match=r"a file of 1 MB.*at most 1 MB"):
        cin_census.read([path], limits=xml_guard.Limits(megabytes=1))


def test_more_faults_than_a_census_can_have(tmp_path, monkeypatch):
    monkeypatch.setattr("model.returns.cin_census_group.MOST_FAULTS", 50)
    with pytest.raises(InputError, match="more than 50 faults"):
        read_text(tmp_path, WHOLE.replace("<Sex>F</Sex>", "<Sx>F</Sx>" * 60))


def test_of_very_many_faults_of_a_kind_the_first_are_listed_and_all_are_counted(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("model.returns.cin_census_group.MOST_LISTED", 50)
    records = read_text(tmp_path, WHOLE.replace("<Sex>F</Sex>", "<Sx>F</Sx>" * 60))
    of_kind = [one for one in records.faults if one.column == "Sx"]
    assert len(of_kind) == 51
    assert str(of_kind[-1]).startswith("census_1.xml, ChildIdentifiers, Sx: an element that a")
    assert "10 times" in str(of_kind[-1])
    table = counted(records.faults)
    assert int(table.loc[table["column"] == "Sx", "count"].iloc[0]) == 60


def test_a_file_that_takes_too_long(tmp_path):
    path = tmp_path / "slow.xml"
    path.write_text(WHOLE)
    deadline = cin_census.Deadline(-1)
    with pytest.raises(InputError, match="to read"):
        cin_census.read([path], deadline)


@pytest.mark.parametrize(
    "text", ["", "CHILD,DECOM\n", "<html>", "<EXPSSDA903><CHILD/>", "\x00\x01", "<Message/>"]
)
def test_what_is_not_recognised(tmp_path, text):
    path = tmp_path / "other.xml"
    path.write_text(text)
    assert not cin_census.recognise(path)
