package deid

import (
	"encoding/binary"
	"slices"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
)

// withheldOf cleans a chest that was changed.
func withheldOf(t *testing.T, change func(*dicom.Dataset)) []sinso.Reason {
	t.Helper()
	ds := chest(8)
	change(&ds)
	syntax := dicom.ExplicitLittleEndian
	if pixels := ds.Find(tagPixelData); pixels != nil && pixels.Fragments != nil {
		syntax = "1.2.840.10008.1.2.4.70"
	}
	result := clean(t, newProfile(t), part10(t, syntax, ds), 1)
	file, _ := read(t, result.Clean.Bytes)
	if said := file.String(tagBurnedIn); said == "NO" && ds.Find(tagBurnedIn) == nil && slices.ContainsFunc(result.Clean.Withheld, func(r sinso.Reason) bool { return r != ReasonFace }) {
		t.Error("Burned In Annotation became NO, and the gate had not passed")
	}
	return result.Clean.Withheld
}

func set(tag dicom.Tag, vr dicom.VR, values ...string) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) { ds.SetString(tag, vr, values...) }
}

func number(tag dicom.Tag, v int) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) { ds.Set(dicom.DataElement{Tag: tag, VR: dicom.VRUS, Value: us(v)}) }
}

func both(changes ...func(*dicom.Dataset)) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) {
		for _, change := range changes {
			change(ds)
		}
	}
}

func class(uid, modality string) func(*dicom.Dataset) {
	return both(set(tagSOPClass, dicom.VRUI, uid), set(tagModality, dicom.VRCS, modality))
}

func pixel(at int, v uint16) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) { binary.LittleEndian.PutUint16(ds.Find(tagPixelData).Value[2*at:], v) }
}

func noBurnedIn(*dicom.Dataset) {}

func TestGateWithholds(t *testing.T) {
	t.Parallel()
	const root = "1.2.840.10008.5.1.4.1.1."
	for name, tt := range map[string]struct {
		change func(*dicom.Dataset)
		want   []sinso.Reason
	}{
		"a chest CT":                {noBurnedIn, nil},
		"a chest CT that says NO":   {set(tagBurnedIn, dicom.VRCS, "NO"), nil},
		"derived, says NO":          {both(set(tagImageType, dicom.VRCS, "DERIVED", "SECONDARY"), set(tagBurnedIn, dicom.VRCS, "NO")), nil},
		"PET":                       {class(root+"128", "PT"), nil},
		"nuclear medicine":          {class(root+"20", "NM"), nil},
		"burned in":                 {set(tagBurnedIn, dicom.VRCS, "YES"), []sinso.Reason{ReasonBurnedIn}},
		"burned in, lower case":     {set(tagBurnedIn, dicom.VRCS, "yes"), []sinso.Reason{ReasonBurnedIn}},
		"burned in, neither":        {set(tagBurnedIn, dicom.VRCS, "MAYBE"), []sinso.Reason{ReasonBurnedIn}},
		"derived, says nothing":     {set(tagImageType, dicom.VRCS, "DERIVED", "PRIMARY"), []sinso.Reason{ReasonBurnedInUnknown}},
		"no image type":             {func(ds *dicom.Dataset) { ds.Remove(tagImageType) }, []sinso.Reason{ReasonBurnedInUnknown}},
		"screen save":               {set(tagImageType, dicom.VRCS, "ORIGINAL", "PRIMARY", "SCREEN SAVE"), []sinso.Reason{ReasonBurnedInUnknown}},
		"colour":                    {set(tagPhotometric, dicom.VRCS, "RGB"), []sinso.Reason{ReasonBurnedInUnknown}},
		"secondary capture":         {class(root+"7", "OT"), []sinso.Reason{ReasonCapture}},
		"multi-frame capture":       {class(root+"7.2", "CT"), []sinso.Reason{ReasonCapture}},
		"conversion type":           {set(tagConversionType, dicom.VRCS, "WSD"), []sinso.Reason{ReasonCapture}},
		"capture that is burned in": {both(class(root+"7", "OT"), set(tagBurnedIn, dicom.VRCS, "YES")), []sinso.Reason{ReasonBurnedIn, ReasonCapture}},
		"ultrasound":                {class(root+"6.1", "US"), []sinso.Reason{ReasonImageKind}},
		"ultrasound, says NO":       {both(class(root+"6.1", "US"), set(tagBurnedIn, dicom.VRCS, "NO")), []sinso.Reason{ReasonImageKind}},
		"angiography":               {class(root+"12.1", "XA"), []sinso.Reason{ReasonImageKind}},
		"fluoroscopy":               {class(root+"12.2", "RF"), []sinso.Reason{ReasonImageKind}},
		"endoscopy":                 {class(root+"77.1.1", "ES"), []sinso.Reason{ReasonImageKind}},
		"ultrasound class in a CT":  {class(root+"6.1", "CT"), []sinso.Reason{ReasonImageKind}},
		"CT class in an ultrasound": {class(root+"2", "US"), []sinso.Reason{ReasonImageKind}},
		"private class":             {class("1.3.46.670589.5.0.1", "MR"), []sinso.Reason{ReasonImageKind}},
		"no class":                  {func(ds *dicom.Dataset) { ds.Remove(tagSOPClass) }, []sinso.Reason{ReasonImageKind}},
		"no modality":               {func(ds *dicom.Dataset) { ds.Remove(tagModality) }, []sinso.Reason{ReasonImageKind}},
		"PDF":                       {class(root+"104.1", "DOC"), []sinso.Reason{ReasonDocument}},
		"report":                    {class(root+"88.11", "SR"), []sinso.Reason{ReasonStructured}},
		"no pixels":                 {func(ds *dicom.Dataset) { ds.Remove(tagPixelData) }, []sinso.Reason{ReasonNotImage}},
		"two kinds of pixels": {func(ds *dicom.Dataset) {
			ds.Set(dicom.DataElement{Tag: tagFloatPixels, VR: dicom.VROF, Value: make([]byte, 8)})
		}, []sinso.Reason{ReasonNotImage}},
		"presentation state":                                   {both(class(root+"11.1", "PR"), func(ds *dicom.Dataset) { ds.Remove(tagPixelData) }), []sinso.Reason{ReasonNotImage}},
		"bits beside the pixels":                               {pixel(9, 0x8123), []sinso.Reason{ReasonOverlay}},
		"a sign that is none":                                  {both(number(tagPixelRepresentation, 1), pixel(9, 0xF123)), []sinso.Reason{ReasonOverlay}},
		"copies of the sign":                                   {both(number(tagPixelRepresentation, 1), pixel(9, 0xF923)), nil},
		"padding value":                                        {both(number(tagPaddingValue, 0xF830), pixel(9, 0xF830)), nil},
		"padding that looks like a pixel, inside":              {both(plain(0), number(tagPaddingValue, 0x8000), pixel(10, 0x8000)), []sinso.Reason{ReasonOverlay}},
		"padding that looks like a pixel, at the ends of rows": {both(plain(0), number(tagPaddingValue, 0x8000), pixel(8, 0x8000), pixel(15, 0x8000)), nil},
		"padding of two values":                                {both(number(tagPaddingValue, 0x8000), number(tagPaddingLimit, 0x9000), pixel(0, 0x8000), pixel(7, 0x9000)), []sinso.Reason{ReasonOverlay}},
		"pixels not in the low bits":                           {number(tagHighBit, 15), []sinso.Reason{ReasonOverlay}},
		"bytes behind the pixels":                              {func(ds *dicom.Dataset) { e := ds.Find(tagPixelData); e.Value = append(e.Value, "DOE^JANE"...) }, []sinso.Reason{ReasonPixelLength}},
		"fewer pixels than it says":                            {number(tagRows, 9), []sinso.Reason{ReasonPixelLength}},
		"pixels of no bytes":                                   {func(ds *dicom.Dataset) { ds.Find(tagPixelData).Value = nil }, []sinso.Reason{ReasonPixelLength}},
		"a face, says the source":                              {set(tagRecognizable, dicom.VRCS, "YES"), []sinso.Reason{ReasonFace}},
		"compressed, nothing hidden":                           {jpeg("", nil, nil), nil},
		"compressed, with a comment":                           {jpeg("", segment(jpegComment, "DOE^JANE"), nil), []sinso.Reason{ReasonPixelStream}},
		"compressed, with Exif":                                {jpeg("", segment(0xE1, "Exif\x00\x00DOE"), nil), []sinso.Reason{ReasonPixelStream}},
		"compressed, encoder's name":                           {jpeg("", segment(jpegComment, "LEAD Technologies Inc. V1.01"), nil), nil},
		"compressed, bytes behind":                             {jpeg("", nil, []byte("DOE^JANE")), []sinso.Reason{ReasonPixelStream}},
		"compressed, something else": {func(ds *dicom.Dataset) {
			ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROB, Fragments: [][]byte{nil, []byte("DOE^JANE and more ")}})
		}, []sinso.Reason{ReasonPixelStream}},
		"compressed, a table of text":       {jpeg("DOE^JANE", nil, nil), []sinso.Reason{ReasonPixelLength}},
		"compressed, a short table of text": {jpeg("JANE", nil, nil), []sinso.Reason{ReasonPixelLength}},
		"compressed, lengths that are text": {both(jpeg("", nil, nil), func(ds *dicom.Dataset) {
			ds.Set(dicom.DataElement{Tag: tagExtendedOffsets, VR: dicom.VROV, Value: make([]byte, 8)})
			ds.Set(dicom.DataElement{Tag: tagExtendedLengths, VR: dicom.VROV, Value: []byte("DOE^JANE")})
		}), []sinso.Reason{ReasonPixelLength}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := withheldOf(t, tt.change); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestFaceRule(t *testing.T) {
	t.Parallel()
	bare := func(ds *dicom.Dataset) { ds.Remove(tagBodyPart); ds.Remove(tagAnatomicRegion) }
	study := func(text string) func(*dicom.Dataset) {
		return both(bare, set(0x00080005, dicom.VRCS, "ISO_IR 192"), set(tagStudyDescription, dicom.VRLO, text))
	}
	code := func(value, meaning string) func(*dicom.Dataset) {
		return func(ds *dicom.Dataset) {
			var item dicom.Dataset
			item.SetString(tagCodeValue, dicom.VRSH, value)
			item.SetString(tagCodeMeaning, dicom.VRLO, meaning)
			ds.Set(dicom.DataElement{Tag: tagAnatomicRegion, VR: dicom.VRSQ, Items: []dicom.Dataset{item}})
		}
	}
	frameCode := func(ds *dicom.Dataset) { // as in the functional groups of enhanced objects
		inner := dicom.Dataset{}
		code("69536005", "Kopf")(&inner)
		ds.Set(dicom.DataElement{Tag: tagFrameAnatomy, VR: dicom.VRSQ, Items: []dicom.Dataset{inner}})
	}
	faces := []sinso.Reason{ReasonFace}
	for name, tt := range map[string]struct {
		change func(*dicom.Dataset)
		want   []sinso.Reason
	}{
		"chest by body part":             {noBurnedIn, nil},
		"chest by description":           {study("CT Thorax nativ"), nil},
		"knee, Chinese":                  {study("右膝关节平扫"), nil},
		"abdomen, Russian":               {study("КТ брюшной полости"), nil},
		"heart, by its protocol":         {study("SmartScore - Gated 0.5 sec"), nil},
		"head by body part":              {set(tagBodyPart, dicom.VRCS, "HEAD"), faces},
		"head and neck":                  {set(tagBodyPart, dicom.VRCS, "HEADNECK"), faces},
		"chest, but the series is neck":  {set(tagSeriesDescription, dicom.VRLO, "Neck 1.0"), faces},
		"chest, but the protocol brain":  {set(tagProtocolName, dicom.VRLO, "BRAIN_perf"), faces},
		"whole body":                     {set(tagBodyPart, dicom.VRCS, "WHOLEBODY"), faces},
		"whole body in words":            {study("CT whole body low dose, thorax"), faces},
		"sinuses":                        {study("CT NNH"), faces},
		"skull, German":                  {study("Schädel-CT"), faces},
		"brain, French":                  {study("IRM CÉRÉBRALE"), faces},
		"head, Spanish":                  {study("TAC CABEZA"), faces},
		"head, Russian":                  {study("КТ головного мозга"), faces},
		"head, Chinese":                  {study("头颅CT平扫"), faces},
		"neck, traditional Chinese":      {study("頸部電腦斷層"), faces},
		"head, Japanese":                 {study("頭部単純"), faces},
		"brain, Korean":                  {study("뇌 MRI"), faces},
		"head, Arabic":                   {study("تصوير الرأس"), faces},
		"digits beside the word":         {study("t1brain2"), faces},
		"head by code":                   {code("69536005", "x"), faces},
		"head by an older code":          {code("T-D1100", "x"), faces},
		"head by the meaning of a code":  {code("123", "Head structure"), faces},
		"head in a functional group":     {frameCode, faces},
		"nothing said":                   {bare, nil},
		"nothing that says it":           {study("Routine 3 mm"), nil},
		"surgery is no hand, Chinese":    {study("手术前检查 中心"), nil},
		"main series is no hand, French": {study("main series"), nil},
		"MR is asked too":                {both(class("1.2.840.10008.5.1.4.1.1.4", "MR"), bare), nil},
		"PET of a head":                  {both(class("1.2.840.10008.5.1.4.1.1.128", "PT"), study("PET Kopf")), faces},
		"PET of a head, coarse":          {both(class("1.2.840.10008.5.1.4.1.1.128", "PT"), study("PET Kopf"), set(tagPixelSpacing, dicom.VRDS, "4.07", "4.07")), nil},
		"PET, nothing said":              {both(class("1.2.840.10008.5.1.4.1.1.128", "PT"), bare), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := withheldOf(t, tt.change); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestNoWordClearsAndHoldsBack(t *testing.T) {
	t.Parallel()
	for _, word := range slices.Concat(headWords, headPieces) {
		text := fold(trimStar(word))
		if !hasAny(text, headWords, headPieces) {
			t.Errorf("%q does not find itself", word)
		}
		if slices.Contains(bodyWords, word) {
			t.Errorf("%q is in both lists", word)
		}
	}
	for _, word := range slices.Concat(bodyWords, bodyPieces) {
		text := fold(trimStar(word))
		if hasAny(text, headWords, headPieces) || !hasAny(text, bodyWords, bodyPieces) {
			t.Errorf("%q does not clear", word)
		}
	}
}

func trimStar(word string) string {
	if word[len(word)-1] == '*' {
		return word[:len(word)-1]
	}
	return word
}

func TestEveryReasonHasASentence(t *testing.T) {
	t.Parallel()
	if n := len(Reasons()); n != 14 {
		t.Errorf("%d reasons", n)
	}
	for _, reason := range Reasons() {
		if len(Explain(reason)) < 20 {
			t.Errorf("%s: %q", reason, Explain(reason))
		}
	}
	if got := Explain("other"); got != "" {
		t.Errorf("got %q for a reason of somebody else", got)
	}
}
