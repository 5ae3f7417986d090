package dimse

import "fmt"

// Status is the Status (0000,0900) of a response (PS3.7 Annex C).
type Status uint16

// The statuses of PS3.7 Annex C and of the services of PS3.4: Table B.2-1 for
// storage, C.4-1 to C.4-3 for query and retrieve.
const (
	StatusSuccess                  Status = 0x0000
	StatusAttributeListError       Status = 0x0107 // warning
	StatusAttributeOutOfRange      Status = 0x0116 // warning
	StatusNoSuchAttribute          Status = 0x0105
	StatusInvalidAttributeValue    Status = 0x0106
	StatusProcessingFailure        Status = 0x0110
	StatusDuplicateSOPInstance     Status = 0x0111
	StatusNoSuchSOPInstance        Status = 0x0112
	StatusNoSuchEventType          Status = 0x0113
	StatusNoSuchArgument           Status = 0x0114
	StatusInvalidArgumentValue     Status = 0x0115
	StatusInvalidSOPInstance       Status = 0x0117
	StatusNoSuchSOPClass           Status = 0x0118
	StatusClassInstanceConflict    Status = 0x0119
	StatusMissingAttribute         Status = 0x0120
	StatusMissingAttributeValue    Status = 0x0121
	StatusSOPClassNotSupported     Status = 0x0122
	StatusNoSuchActionType         Status = 0x0123
	StatusNotAuthorized            Status = 0x0124
	StatusDuplicateInvocation      Status = 0x0210
	StatusUnrecognizedOperation    Status = 0x0211
	StatusMistypedArgument         Status = 0x0212
	StatusResourceLimitation       Status = 0x0213
	StatusOutOfResources           Status = 0xA700 // storage, query
	StatusOutOfResourcesMatches    Status = 0xA701 // retrieve: matches cannot be counted
	StatusOutOfResourcesOperations Status = 0xA702 // retrieve: sub-operations cannot be done
	StatusMoveDestinationUnknown   Status = 0xA801
	StatusDataSetMismatch          Status = 0xA900 // data set does not fit the SOP class
	StatusUnableToProcess          Status = 0xC000 // cannot understand, in storage
	StatusCoercion                 Status = 0xB000 // warning: elements changed; in retrieve: sub-operations failed
	StatusElementsDiscarded        Status = 0xB006 // warning
	StatusDataSetMismatchWarning   Status = 0xB007 // warning
	StatusCancel                   Status = 0xFE00
	StatusPending                  Status = 0xFF00
	StatusPendingUnsupportedKeys   Status = 0xFF01 // optional keys were not matched
	StatusSubOperationsFailed      Status = StatusCoercion
)

// name is that of the standard, or what kind of status it is.
func (s Status) name() string {
	names := [...]struct {
		status Status
		name   string
	}{
		{StatusSuccess, "success"},
		{StatusAttributeListError, "attribute list error"},
		{StatusAttributeOutOfRange, "attribute value out of range"},
		{StatusNoSuchAttribute, "no such attribute"},
		{StatusInvalidAttributeValue, "invalid attribute value"},
		{StatusProcessingFailure, "processing failure"},
		{StatusDuplicateSOPInstance, "duplicate SOP instance"},
		{StatusNoSuchSOPInstance, "no such SOP instance"},
		{StatusNoSuchEventType, "no such event type"},
		{StatusNoSuchArgument, "no such argument"},
		{StatusInvalidArgumentValue, "invalid argument value"},
		{StatusInvalidSOPInstance, "invalid SOP instance"},
		{StatusNoSuchSOPClass, "no such SOP class"},
		{StatusClassInstanceConflict, "class-instance conflict"},
		{StatusMissingAttribute, "missing attribute"},
		{StatusMissingAttributeValue, "missing attribute value"},
		{StatusSOPClassNotSupported, "refused: SOP class not supported"},
		{StatusNoSuchActionType, "no such action type"},
		{StatusNotAuthorized, "refused: not authorized"},
		{StatusDuplicateInvocation, "duplicate invocation"},
		{StatusUnrecognizedOperation, "unrecognized operation"},
		{StatusMistypedArgument, "mistyped argument"},
		{StatusResourceLimitation, "resource limitation"},
		{StatusOutOfResources, "refused: out of resources"},
		{StatusOutOfResourcesMatches, "refused: out of resources, unable to calculate number of matches"},
		{StatusOutOfResourcesOperations, "refused: out of resources, unable to perform sub-operations"},
		{StatusMoveDestinationUnknown, "refused: move destination unknown"},
		{StatusDataSetMismatch, "error: data set does not match SOP class"},
		{StatusUnableToProcess, "error: cannot understand"},
		{StatusCoercion, "warning: coercion of data elements, or sub-operations with failures"},
		{StatusElementsDiscarded, "warning: elements discarded"},
		{StatusDataSetMismatchWarning, "warning: data set does not match SOP class"},
		{StatusCancel, "cancel"},
		{StatusPending, "pending"},
		{StatusPendingUnsupportedKeys, "pending, optional keys not supported"},
	}
	for i := range names {
		if names[i].status == s {
			return names[i].name
		}
	}
	if s.IsWarning() {
		return "warning"
	}
	return "failure"
}

// String returns the standard's name and the code, as in
// "refused: out of resources (A700H)".
func (s Status) String() string { return fmt.Sprintf("%s (%04XH)", s.name(), uint16(s)) }

// IsPending reports whether further responses follow (PS3.7 C.1.3).
func (s Status) IsPending() bool { return s == StatusPending || s == StatusPendingUnsupportedKeys }

// IsWarning reports whether it was done with a warning (PS3.7 C.1.2).
func (s Status) IsWarning() bool {
	return s == 0x0001 || s>>12 == 0xB || s == StatusAttributeListError || s == StatusAttributeOutOfRange
}

// IsFailure reports whether it was not done (PS3.7 C.5): neither success nor
// warning, pending or cancel.
func (s Status) IsFailure() bool {
	return s != StatusSuccess && s != StatusCancel && !s.IsPending() && !s.IsWarning()
}
