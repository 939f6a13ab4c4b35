"""A children in need census written by hand for the tests, with any piece of it replaced."""

from __future__ import annotations

from pathlib import Path

from model.returns import cin_census
from model.returns.records import Records

HEADER = """  <Header>
    <CollectionDetails>
      <Collection>CIN</Collection>
      <Year>2024</Year>
      <ReferenceDate>2024-03-31</ReferenceDate>
    </CollectionDetails>
    <Source>
      <SourceLevel>L</SourceLevel>
      <LEA>201</LEA>
    </Source>
  </Header>
"""
CHILD = """    <Child>
      <ChildIdentifiers>
        <LAchildID>KID7001</LAchildID>
        <PersonBirthDate>2012-12-06</PersonBirthDate>
        <Sex>F</Sex>
      </ChildIdentifiers>
      <ChildCharacteristics>
        <Ethnicity>WBRI</Ethnicity>
        <Disabilities>
          <Disability>NONE</Disability>
        </Disabilities>
      </ChildCharacteristics>
      <CINdetails>
        <CINreferralDate>2023-05-02</CINreferralDate>
        <ReferralSource>6</ReferralSource>
        <PrimaryNeedCode>N1</PrimaryNeedCode>
        <CINclosureDate>2024-02-20</CINclosureDate>
        <ReasonForClosure>RC7</ReasonForClosure>
        <Assessments>
          <AssessmentActualStartDate>2023-05-03</AssessmentActualStartDate>
          <AssessmentAuthorisationDate>2023-06-20</AssessmentAuthorisationDate>
          <FactorsIdentifiedAtAssessment>
            <AssessmentFactors>3B</AssessmentFactors>
          </FactorsIdentifiedAtAssessment>
        </Assessments>
        <CINPlanDates>
          <CINPlanStartDate>2023-12-11</CINPlanStartDate>
          <CINPlanEndDate>2024-02-20</CINPlanEndDate>
        </CINPlanDates>
        <Section47>
          <S47ActualStartDate>2023-06-21</S47ActualStartDate>
          <InitialCPCtarget>2023-07-12</InitialCPCtarget>
          <DateOfInitialCPC>2023-07-10</DateOfInitialCPC>
          <ICPCnotRequired>0</ICPCnotRequired>
        </Section47>
        <ReferralNFA>0</ReferralNFA>
        <ChildProtectionPlans>
          <CPPstartDate>2023-07-10</CPPstartDate>
          <CPPendDate>2023-12-10</CPPendDate>
          <InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>
          <LatestCategoryOfAbuse>EMO</LatestCategoryOfAbuse>
          <NumberOfPreviousCPP>1</NumberOfPreviousCPP>
          <Reviews>
            <CPPreviewDate>2023-10-01</CPPreviewDate>
          </Reviews>
        </ChildProtectionPlans>
      </CINdetails>
    </Child>
"""
PRE_PROCEEDINGS = """        <PreProceedingsandFGDM>
          <PPStartDate>2023-12-15</PPStartDate>
          <StepDecisionDate>2024-02-01</StepDecisionDate>
          <PPOutcome>A</PPOutcome>
        </PreProceedingsandFGDM>
"""
WHOLE = f"<Message>\n{HEADER}  <Children>\n{CHILD}  </Children>\n</Message>\n"


def replaced(*changes: tuple[str, str], text: str = WHOLE) -> str:
    """The census with pieces replaced; each piece must be there."""
    for old, new in changes:
        assert old in text, f"the test's piece is not in the census: {old}"
        text = text.replace(old, new, 1)
    return text


def line_of(piece: str, text: str) -> int:
    """The line of a piece of the text, from 1."""
    return text[: text.index(piece)].count("\n") + 1


def read_text(folder: Path, *texts: str | bytes) -> Records:
    """Write each text as a file and read them together."""
    paths = []
    for number, text in enumerate(texts, 1):
        path = folder / f"census_{number}.xml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        paths.append(path)
    return cin_census.read(paths)
