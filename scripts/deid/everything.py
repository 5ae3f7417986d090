"""One object with an identifier in every attribute that the Basic Profile takes away: at its root, in nested items,
in private elements and in the file meta information (PS3.15 Table E.1-1)."""

from __future__ import annotations

from datetime import date, timedelta

from pydicom.datadict import DicomDictionary, dictionary_VR, tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from draft import Draft

# Every attribute of these representations names a person or a moment; the exceptions are not in the table.
WHOLE = ("PN", "DA", "DT", "TM")
EXCEPT = set("""SecondaryReviewerName EvaluatorName DocumentAuthorTrial SecondaryReviewDate ExpiryDate DateOfGainCalibration
ProcedureCreationDate ProcedureExpirationDate ProcedureLastModifiedDate RouteSegmentStartTime RouteSegmentEndTime AlarmDecisionTime
OOIOwnerCreationTime SecondaryReviewTime TimeOfGainCalibration StudyDate PatientName""".split())
TEXTS = """InstitutionName StudyDescription SeriesDescription InstitutionalDepartmentName AdmittingDiagnosesDescription IssuerOfPatientID
OtherPatientIDs PatientAddress InsurancePlanIdentification MilitaryRank BranchOfService MedicalRecordLocator MedicalAlerts Allergies
CountryOfResidence RegionOfResidence PatientReligiousPreference ResponsibleOrganization ClinicalTrialSponsorName ClinicalTrialProtocolID
ClinicalTrialSiteID ClinicalTrialSiteName ClinicalTrialSubjectID ClinicalTrialTimePointID ClinicalTrialCoordinatingCenterName DeviceSerialNumber
PlateID GeneratorID CassetteID GantryID ProtocolName AcquisitionDeviceProcessingDescription RequestedSeriesDescription ModifiedImageDescription
StudyIDIssuer ScheduledStudyLocation ReasonForStudy RequestingService RequestedProcedureDescription RequestedContrastAgent AdmissionID
IssuerOfAdmissionID DischargeDiagnosisDescription SpecialNeeds ServiceEpisodeID ServiceEpisodeDescription CurrentPatientLocation
PatientInstitutionResidence PatientState ScheduledProcedureStepDescription PreMedication PerformedProcedureStepDescription
ReasonForTheRequestedProcedure PatientTransportArrangements RequestedProcedureLocation PersonTelephoneNumbers
ReasonForTheImagingServiceRequest PlacerOrderNumberImagingServiceRequest FillerOrderNumberImagingServiceRequest HumanPerformerOrganization
VerifyingOrganization DeviceDescription TopicTitle TopicAuthor TopicKeywords ModifyingSystem SourceOfPreviousValues TextString StructureSetName
ROIName ROIGenerationDescription RTPlanName TreatmentSites DoseReferenceDescription FractionGroupDescription ResultsIDIssuer DistributionAddress
InterpretationIDIssuer AccessionNumber ReferringPhysicianTelephoneNumbers StationName PatientTelephoneNumbers EthnicGroup Occupation DetectorID
StudyID ScheduledProcedureStepID ScheduledStationName ScheduledProcedureStepLocation PerformedStationName PerformedLocation
PerformedProcedureStepID RequestedProcedureID OrderEntererLocation OrderCallbackPhoneNumber StructureSetLabel ROIObservationLabel RTPlanLabel
TreatmentMachineName ResultsID InterpretationID IdentifyingComments AdditionalPatientHistory PatientComments AcquisitionComments
AcquisitionProtocolDescription ImageComments FrameComments ImagePresentationComments StudyComments VisitComments RequestedProcedureComments
ImagingServiceRequestComments CompensatorDescription Arbitrary TextComments InterpretationDiagnosisDescription InstitutionAddress
ReferringPhysicianAddress DerivationDescription ClinicalTrialTimePointDescription ContributionDescription CommentsOnThePerformedProcedureStep
CommentsOnRadiationDose PersonAddress StructureSetDescription ROIDescription ROIObservationDescription RTPlanDescription PrescriptionDescription
BeamDescription BolusDescription FixationDeviceDescription ShieldingDeviceDescription SetupTechniqueDescription InterpretationText Impressions
ResultsComments ReasonForVisit SpecimenDetailedDescription LabelText""".split()
UIDS = """InstanceCreatorUID TransactionUID IrradiationEventUID DeviceUID SynchronizationFrameOfReferenceUID ConcatenationUID
DimensionOrganizationUID PaletteColorLookupTableUID SpecimenUID UID ObservationUID TemplateExtensionOrganizationUID TemplateExtensionCreatorUID
TrackingUID FiducialUID StorageMediaFileSetUID ReferencedFrameOfReferenceUID RelatedFrameOfReferenceUID DoseReferenceUID
ReferencedDoseReferenceUID FrameOfReferenceUID""".split()
# Sequences that stay, so that what is in them must be looked at.
OUTER, INNER = "AnatomicRegionSequence", "AnatomicRegionModifierSequence"


def attributes() -> list[str]:
    """The keywords of all attributes that are planted, in the order of their tags."""
    whole = [entry[4] for tag, entry in DicomDictionary.items() if entry[0] in WHOLE and entry[4] and tag >> 16 > 8 - 1]
    return sorted({k for k in (*whole, *TEXTS, *UIDS) if k not in EXCEPT}, key=lambda k: int(tag_for_keyword(k) or 0))


def value(vr: str, n: int) -> tuple[str, str]:
    """A value that is found nowhere else, and what must not be left of it."""
    if vr == "PN":
        return f"Wojdyla^N{n:04d}", f"Wojdyla^N{n:04d}"
    if vr in ("DA", "DT"):
        day = f"{date(1901, 1, 1) + timedelta(days=n):%Y%m%d}"
        return (day, day) if vr == "DA" else (f"{day}0{n % 10}1717.{n:06d}",) * 2
    if vr == "TM":
        return (f"04{n % 60:02d}17.{n:06d}",) * 2
    if vr == "UI":
        return (f"2.25.98765432100{n:05d}",) * 2
    return f"Wojdyla{n:04d}", f"Wojdyla{n:04d}"


def where(vr: str, path: str) -> str:
    """Where a value may not be: nowhere, but for a date, which others become when they are moved."""
    return path if vr in ("DA", "DT") else "*"


def plant(d: Draft) -> int:
    """Plants everything in an object and returns how many identifiers there are."""
    inmost, inner, outer, count = Dataset(), Dataset(), Dataset(), 0
    first = f"{tag_for_keyword(OUTER):08X}[0]."
    second = f"{first}{tag_for_keyword(INNER):08X}[0]."
    third = f"{second}{tag_for_keyword(INNER):08X}[0]."
    for item, note, above in ((d.ds, "root", ""), (outer, "nested", first), (inner, "nested twice", second), (inmost, "nested thrice", third)):
        for keyword in attributes():
            if note == "root" and keyword in d.ds:
                continue
            count += 1
            vr = dictionary_VR(keyword)
            written, left = value(vr, count)
            setattr(item, keyword, written)
            d.row("text_removed", where(vr, f"{above}{tag_for_keyword(keyword):08X}"), [left], note=f"everything: {note} {keyword}")
    for item in (outer, inner, inmost):
        item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "51185008", "SCT", "Chest"
    setattr(inner, INNER, Sequence([inmost]))
    setattr(outer, INNER, Sequence([inner]))
    setattr(d.ds, OUTER, Sequence([outer]))
    block = d.ds.private_block(0x0011, "QUILL PRIVATE", create=True)
    for i, vr in enumerate(("LO", "SH", "PN", "LT", "DA", "DT", "UI", "ST", "UT", "LO") * 4):
        count += 1
        written, left = value(vr, count)
        block.add_new(0x10 + i, vr, written)
        d.row("text_removed", where(vr, f"0011:QUILL PRIVATE:{0x10 + i:02X}"), [left], note="everything: private")
    count += 2
    d.ds.file_meta.SourceApplicationEntityTitle = f"Wojdyla{count - 1:04d}"
    d.ds.file_meta.PrivateInformationCreatorUID, d.ds.file_meta.PrivateInformation = value("UI", count)[0], b"1"
    d.row("text_removed", "*", [f"Wojdyla{count - 1:04d}"], note="everything: meta")
    d.row("text_removed", "*", [value("UI", count)[1]], note="everything: meta")
    return count
