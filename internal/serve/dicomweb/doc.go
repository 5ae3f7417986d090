// Package dicomweb is the DICOMweb door (PS3.18): it stores (STOW-RS, §10.5), finds
// (QIDO-RS, §10.6), gives out (WADO-RS, §10.4; WADO-URI, §9) and withdraws objects of
// the archive, and tells what changed.
//
// routes.go is the whole door at a glance. Who may do what is asked of package
// auth: storing is auth.Import, withdrawing auth.Operate, and everything that shows
// identified values, a list too, is auth.Open unless [Config.Read] says otherwise.
// What a caller may not know of is answered as what is not there.
//
// What is retrieved is written down before the first byte leaves, once for each
// request and study: [Archive.Opened].
//
// # Choices that the standard leaves open
//
//   - A search without a match is 200 with an empty array.
//   - A key that the index does not keep matches everything (PS3.4 C.2.2.1.3); a
//     parameter that is no key at all is 400.
//   - Other bytes under a SOP Instance UID that is there already are kept and
//     recorded. The sender is told by Warning Reason B000H, status 202; what is
//     retrieved under the UID is the object that came first.
//   - Failure Reasons (PS3.18 Table I.2-2, PS3.4 Table B.2-1, PS3.7 Annex C): C000H what is
//     no readable object, A900H what is not of the study in the path, 0124H what may
//     not be stored for its person, A700H if the node has no room or is too busy,
//     0110H any other failure. What has no SOP Instance UID is in the Other Failures
//     Sequence.
//   - application/dicom without a transfer syntax is Explicit VR Little Endian
//     (PS3.18 §8.7.3.5.2); transfer-syntax=* gives out what is stored, byte for byte.
package dicomweb
