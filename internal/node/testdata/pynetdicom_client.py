"""Speaks every service of the DICOM door with pynetdicom, and prints what it got.

Arguments: the door's port, a port of our own, a Study Instance UID, files.
"""
import json
import sys
import threading
import warnings

warnings.simplefilter("ignore")

from pydicom import dcmread  # noqa: E402
from pydicom.dataset import Dataset  # noqa: E402
from pynetdicom import AE, build_role, evt  # noqa: E402
from pynetdicom.sop_class import (  # noqa: E402
    CTImageStorage,
    StorageCommitmentPushModel,
    StorageCommitmentPushModelInstance,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
    Verification,
)

door, port, study = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
files = [dcmread(path) for path in sys.argv[4:]]
said = {"store": [], "find": [], "got": [], "moved": [], "reports": []}
reported = threading.Event()


def keep(name):
    def store(event):
        said[name].append(event.dataset.SOPInstanceUID)
        return 0x0000

    return store


def report(event):
    information = event.event_information
    said["reports"].append(
        {
            "type": event.event_type,
            "transaction": information.TransactionUID,
            "held": [item.ReferencedSOPInstanceUID for item in information.get("ReferencedSOPSequence", [])],
            "failed": [
                [item.ReferencedSOPInstanceUID, item.FailureReason] for item in information.get("FailedSOPSequence", [])
            ],
        }
    )
    reported.set()
    return 0x0000, None


us = AE(ae_title="PYNET")
us.add_supported_context(StorageCommitmentPushModel, scu_role=False, scp_role=True)
us.add_supported_context(CTImageStorage)
server = us.start_server(
    ("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_N_EVENT_REPORT, report), (evt.EVT_C_STORE, keep("moved"))]
)

ae = AE(ae_title="PYNET")
for context in (
    Verification,
    StorageCommitmentPushModel,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelMove,
    CTImageStorage,
):
    ae.add_requested_context(context)
assoc = ae.associate("127.0.0.1", door, ae_title="SINSO")
assert assoc.is_established, "the association was refused"
said["echo"] = assoc.send_c_echo().Status
for file in files:
    said["store"].append(assoc.send_c_store(file).Status)

query = Dataset()
query.QueryRetrieveLevel = "STUDY"
query.StudyInstanceUID = study
query.PatientName = ""
query.NumberOfStudyRelatedInstances = ""
for status, identifier in assoc.send_c_find(query, StudyRootQueryRetrieveInformationModelFind):
    if identifier is not None:
        said["find"].append([str(identifier.PatientName), int(identifier.NumberOfStudyRelatedInstances)])

move = Dataset()
move.QueryRetrieveLevel = "STUDY"
move.StudyInstanceUID = study
for status, _ in assoc.send_c_move(move, "PYNET", StudyRootQueryRetrieveInformationModelMove):
    said["move"] = status.Status

for transaction, uids in (("1.2.3.1", [f.SOPInstanceUID for f in files]), ("1.2.3.2", ["1.2.3.4.5"])):
    information = Dataset()
    information.TransactionUID = transaction
    information.ReferencedSOPSequence = []
    for uid in uids:
        item = Dataset()
        item.ReferencedSOPClassUID = CTImageStorage
        item.ReferencedSOPInstanceUID = uid
        information.ReferencedSOPSequence.append(item)
    reported.clear()
    status, _ = assoc.send_n_action(information, 1, StorageCommitmentPushModel, StorageCommitmentPushModelInstance)
    said.setdefault("action", []).append(status.Status)
    reported.wait(60)
assoc.release()

getter = AE(ae_title="PYNET")
getter.add_requested_context(StudyRootQueryRetrieveInformationModelGet)
getter.add_requested_context(CTImageStorage)
assoc = getter.associate(
    "127.0.0.1",
    door,
    ae_title="SINSO",
    ext_neg=[build_role(CTImageStorage, scp_role=True)],
    evt_handlers=[(evt.EVT_C_STORE, keep("got"))],
)
assert assoc.is_established, "the association was refused"
for status, _ in assoc.send_c_get(move, StudyRootQueryRetrieveInformationModelGet):
    said["get"] = status.Status
assoc.release()
server.shutdown()
json.dump(said, sys.stdout)
