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
		"presentation state":          {both(class(root+"11.1", "PR"), func(ds *dicom.Dataset) { ds.Remove(tagPixelData) }), []sinso.Reason{ReasonNotImage}},
		"bits beside the pixels":      {pixel(9, 0x8123), []sinso.Reason{ReasonOverlay}},
		"a sign that is none":         {both(number(tagPixelRepresentation, 1), pixel(9, 0xF123)), []sinso.Reason{ReasonOverlay}},
		"copies of the sign":          {both(number(tagPixelRepresentation, 1), pixel(9, 0xF923)), nil},
		"padding value":               {both(number(tagPaddingValue, 0xF830), pixel(9, 0xF830)), nil},
		"pixels not in the low bits":  {number(tagHighBit, 15), []sinso.Reason{ReasonOverlay}},
		"bytes behind the pixels":     {func(ds *dicom.Dataset) { e := ds.Find(tagPixelData); e.Value = append(e.Value, "DOE^JANE"...) }, []sinso.Reason{ReasonPixelLength}},
		"fewer pixels than it says":   {number(tagRows, 9), []sinso.Reason{ReasonPixelLength}},
		"pixels of no bytes":          {func(ds *dicom.Dataset) { ds.Find(tagPixelData).Value = nil }, []sinso.Reason{ReasonPixelLength}},
		"a face, says the source":     {set(tagRecognizable, dicom.VRCS, "YES"), []sinso.Reason{ReasonFace}},
		"compressed, nothing hidden":  {jpeg(jpegFrame(nil)), nil},
		"compressed, with a comment":  {jpeg(jpegFrame(segment(jpegComment, "DOE^JANE"))), []sinso.Reason{ReasonPixelStream}},
		"compressed, with Exif":       {jpeg(jpegFrame(segment(0xE1, "Exif\x00\x00DOE"))), []sinso.Reason{ReasonPixelStream}},
		"compressed, encoder's name":  {jpeg(jpegFrame(segment(jpegComment, "LEAD Technologies Inc. V1.01"))), nil},
		"compressed, bytes behind":    {jpeg(append(jpegFrame(nil), "DOE^JANE"...)), []sinso.Reason{ReasonPixelStream}},
		"compressed, something else":  {jpeg([]byte("DOE^JANE and more")), []sinso.Reason{ReasonPixelStream}},
		"compressed, a table of text": {jpegTable("DOE^JANE", jpegFrame(nil)), []sinso.Reason{ReasonPixelLength}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := withheldOf(t, tt.change); !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func segment(marker byte, text string) []byte {
	b := binary.BigEndian.AppendUint16([]byte{markerByte, marker}, uint16(len(text)+2))
	return append(b, text...)
}

// jpegFrame is a stream with the parts of a JPEG that matter here, and extra
// between its scans.
func jpegFrame(extra []byte) []byte {
	b := []byte{markerByte, jpegStart}
	b = append(b, segment(jpegApp0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")...)
	b = append(b, segment(0xC3, "frame header")...)
	b = append(b, segment(jpegScan, "scan")...)
	b = append(b, 1, 2, markerByte, 0, 3, markerByte, 0xD0, 4)
	b = append(b, extra...)
	b = append(b, segment(jpegScan, "scan")...)
	return append(b, 5, 6, markerByte, jpegEnd)
}

func jpeg(frame []byte) func(*dicom.Dataset) { return jpegTable("", frame) }

func jpegTable(table string, frame []byte) func(*dicom.Dataset) {
	return func(ds *dicom.Dataset) {
		ds.Set(dicom.DataElement{Tag: tagPixelData, VR: dicom.VROB, Fragments: [][]byte{[]byte(table), frame}})
	}
}

func TestStreamsWithNothingButThePicture(t *testing.T) {
	t.Parallel()
	tile := func(length uint32, body ...byte) []byte {
		b := append([]byte{markerByte, j2kTile, 0, 10, 0, 0}, binary.BigEndian.AppendUint32(nil, length)...)
		return append(append(b, 0, 1), body...)
	}
	j2k := func(extra []byte, tiles ...[]byte) []byte {
		b := append([]byte{markerByte, j2kStart}, segment(0x51, "size")...)
		b = append(b, extra...)
		for _, part := range tiles {
			b = append(b, part...)
		}
		return append(b, markerByte, j2kEnd)
	}
	data := []byte{markerByte, j2kData, 1, 2, 3, 4}
	rle := func(segments ...[]byte) []byte {
		head := binary.LittleEndian.AppendUint32(nil, uint32(len(segments)))
		var body []byte
		for _, s := range segments {
			head = binary.LittleEndian.AppendUint32(head, uint32(rleHeader+len(body)))
			body = append(body, s...)
		}
		return append(append(head, make([]byte, rleHeader-len(head))...), body...)
	}
	full := []byte{3, 1, 2, 3, 4, 0xFD, 9} // 4 bytes as they are, 4 times one: 8 pixels
	for name, tt := range map[string]struct {
		frame []byte
		want  bool
	}{
		"JPEG 2000":                    {j2k(nil, tile(18, data...)), true},
		"JPEG 2000, open length":       {j2k(nil, tile(0, data...)), true},
		"JPEG 2000, two parts":         {j2k(nil, tile(18, data...), tile(18, data...)), true},
		"JPEG 2000, Kakadu":            {j2k(segment(j2kComment, "\x00\x01Kakadu-v5.2.1"), tile(18, data...)), true},
		"JPEG 2000, comment":           {j2k(segment(j2kComment, "\x00\x01DOE^JANE"), tile(18, data...)), false},
		"JPEG 2000, Kakadu and a name": {j2k(segment(j2kComment, "\x00\x01Kakadu-v5 DOE^JANE"), tile(18, data...)), false},
		"JPEG 2000, comment in a tile": {j2k(nil, tile(30, append(segment(j2kComment, "\x00\x01DOE^JN"), data...)...)), false},
		"JPEG 2000, length too long":   {j2k(nil, tile(99, data...)), false},
		"JPEG 2000, bytes behind":      {append(j2k(nil, tile(18, data...)), "DOE"...), false},
		"JPEG 2000, cut off":           {j2k(nil, tile(18, data...))[:20], false},
		"RLE":                          {rle(full), true},
		"RLE, two planes":              {rle(full, full), true},
		"RLE, padded":                  {rle(append(slices.Clone(full), 0)), true},
		"RLE, bytes behind":            {rle(append(slices.Clone(full), "DOE"...)), false},
		"RLE, too little":              {rle(full[:5]), false},
		"RLE, text in the header":      {append(append(rle(full)[:56:56], "DOE^JANE"...), full...), false},
		"RLE, no segment":              {rle(), false},
		"JPEG":                         {jpegFrame(nil), true},
		"JPEG, cut off":                {jpegFrame(nil)[:60], false},
		"JPEG, thumbnail":              {append([]byte{markerByte, jpegStart}, segment(jpegApp0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01RGB")...), false},
		"nothing":                      {nil, false},
	} {
		if got := plainStream(tt.frame, 8); got != tt.want {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
}

// TestStreamsNeverPanic walks every stream cut off and flipped at every byte.
func TestStreamsNeverPanic(t *testing.T) {
	t.Parallel()
	frame := jpegFrame(segment(jpegComment, "LEAD Technologies"))
	for i := range frame {
		plainStream(frame[:i], 8)
		for _, flip := range []byte{0x01, 0x80, 0xFF} {
			mutant := slices.Clone(frame)
			mutant[i] ^= flip
			plainStream(mutant, 8)
			mutant[0], mutant[1] = markerByte, j2kStart
			plainStream(mutant, 8)
			plainRLE(append(mutant, make([]byte, rleHeader)...), 8)
		}
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
