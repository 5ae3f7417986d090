package dicomweb

import (
	"net/http"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/json"
)

// The attributes of a store response (PS3.18 Table 10.5.3-1, Annex I.2).
const (
	tagReferencedClass    = dicom.Tag(0x00081150)
	tagReferencedInstance = dicom.Tag(0x00081155)
	tagWarningReason      = dicom.Tag(0x00081196)
	tagFailureReason      = dicom.Tag(0x00081197)
)

// answer tells what became of each object: 200 if all are stored, 202 if some are
// or with a warning, 409 if none is (PS3.18 Table 10.5.3-1).
func (s *storing) answer() error {
	if len(s.results) == 0 {
		return invalid("there is no object in the request")
	}
	base, study := s.base(), s.study
	var taken, failed, other [][]byte
	warned := false
	for _, r := range s.results {
		switch {
		case r.failure == 0:
			taken = append(taken, r.reference(base))
			warned = warned || r.warning != 0
			if study == "" {
				study = r.study
			}
			if study != r.study && s.study == "" {
				study = several
			}
		case r.uid == "":
			other = append(other, r.reference(base))
		default:
			failed = append(failed, r.reference(base))
		}
	}
	body := []byte{'{'}
	if study != several && study != "" && len(taken) > 0 {
		body = json.AppendText(body, tagRetrieveURL, dicom.VRUR, studyURL(base, study))
	}
	body = appendItems(body, `"00081198"`, failed)
	body = appendItems(body, `"00081199"`, taken)
	body = appendItems(body, `"0008119A"`, other)
	status := http.StatusOK
	switch {
	case len(taken) == 0:
		status = http.StatusConflict
	case len(failed)+len(other) > 0 || warned:
		status = http.StatusAccepted
	}
	return s.reply(status, jsonType, append(body, '}'))
}

const several = "*" // studies: there is no one URL

// reference is the item of one object.
func (r *stored) reference(base string) []byte {
	b := []byte{'{'}
	if r.uid != "" {
		b = json.AppendText(b, tagReferencedClass, dicom.VRUI, filled(r.class)...)
		b = json.AppendText(b, tagReferencedInstance, dicom.VRUI, r.uid)
	}
	if r.failure == 0 && r.study != "" && r.series != "" && r.uid != "" {
		b = json.AppendText(b, tagRetrieveURL, dicom.VRUR, instanceURL(base, r.study, r.series, r.uid))
	}
	if r.warning != 0 {
		b = json.AppendInt(b, tagWarningReason, dicom.VRUS, int64(r.warning))
	}
	if r.failure != 0 {
		b = json.AppendInt(b, tagFailureReason, dicom.VRUS, int64(r.failure))
	}
	return append(b, '}')
}

// appendItems appends a sequence, unless it is empty.
func appendItems(b []byte, key string, items [][]byte) []byte {
	if len(items) == 0 {
		return b
	}
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = append(append(b, key...), `:{"vr":"SQ","Value":[`...)
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, item...)
	}
	return append(b, "]}"...)
}
