package json_test

import (
	"encoding/binary"
	stdjson "encoding/json"
	"math"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/json"
)

func le16(values ...uint16) (b []byte) {
	for _, v := range values {
		b = binary.LittleEndian.AppendUint16(b, v)
	}
	return b
}

func le64(v uint64) []byte { return binary.LittleEndian.AppendUint64(nil, v) }

// TestValuesStandAsTableF231Says writes one element of each kind (PS3.18 F.2.3 to
// F.2.7) from a file, and from a data set.
func TestValuesStandAsTableF231Says(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		tag   dicom.Tag
		vr    dicom.VR
		value string
		want  string
	}{
		"text":                        {0x00080060, "CS", "CT", `{"vr":"CS","Value":["CT"]}`},
		"several texts":               {0x00080008, "CS", `ORIGINAL \ PRIMARY`, `{"vr":"CS","Value":["ORIGINAL","PRIMARY"]}`},
		"an empty one between":        {0x00080008, "CS", `A\\B\`, `{"vr":"CS","Value":["A",null,"B",null]}`},
		"empty":                       {0x00080060, "CS", "", `{"vr":"CS"}`},
		"blanks only":                 {0x00080060, "CS", "  ", `{"vr":"CS"}`},
		"UID with its zero":           {0x00080018, "UI", "1.2.3\x00", `{"vr":"UI","Value":["1.2.3"]}`},
		"a backslash in long text":    {0x00104000, "LT", ` a\b "c" ` + "\r\n\x01\x7f", `{"vr":"LT","Value":[" a\\b \"c\" \r\n\u0001\u007f"]}`},
		"URI":                         {0x00080120, "UR", "http://a/b", `{"vr":"UR","Value":["http://a/b"]}`},
		"name":                        {0x00100010, "PN", "A^B", `{"vr":"PN","Value":[{"Alphabetic":"A^B"}]}`},
		"name without alphabetic":     {0x00100010, "PN", "=C=D=E", `{"vr":"PN","Value":[{"Ideographic":"C","Phonetic":"D"}]}`},
		"names":                       {0x00081050, "PN", `A=\B\=`, `{"vr":"PN","Value":[{"Alphabetic":"A"},{"Alphabetic":"B"},null]}`},
		"integers":                    {0x00280008, "IS", `12\-3 `, `{"vr":"IS","Value":[12,-3]}`},
		"integers that are no number": {0x00280008, "IS", `+12\007\1A\.\1.5\1234567890123`, `{"vr":"IS","Value":["+12","007","1A",".","1.5","1234567890123"]}`},
		"decimals":                    {0x00280030, "DS", `0.50\-1e-3\1E+2`, `{"vr":"DS","Value":[0.50,-1e-3,1E+2]}`},
		"decimals that are no number": {0x00280030, "DS", `.5\1.\1e400\--1`, `{"vr":"DS","Value":[".5","1.","1e400","--1"]}`},
		"unsigned short":              {0x00280010, "US", string(le16(0, 512, 65535)), `{"vr":"US","Value":[0,512,65535]}`},
		"half a number at the end":    {0x00280010, "US", string(le16(7)) + "\x01", `{"vr":"US","Value":[7,1]}`},
		"signed short":                {0x00280106, "SS", string(le16(0xFFFF, 5)), `{"vr":"SS","Value":[-1,5]}`},
		"unsigned long":               {0x00081161, "UL", "\xFF\xFF\xFF\xFF", `{"vr":"UL","Value":[4294967295]}`},
		"signed long":                 {0x00186020, "SL", "\xFE\xFF\xFF\xFF", `{"vr":"SL","Value":[-2]}`},
		"float":                       {0x00089459, "FL", string(binary.LittleEndian.AppendUint32(nil, math.Float32bits(0.1))), `{"vr":"FL","Value":[0.1]}`},
		"double":                      {0x00409224, "FD", string(le64(math.Float64bits(1e-9))), `{"vr":"FD","Value":[1e-09]}`},
		"a very small double":         {0x00409224, "FD", string(le64(math.Float64bits(1e-300))), `{"vr":"FD","Value":[1e-300]}`},
		"no numbers": {
			0x00409224, "FD", string(le64(math.Float64bits(math.NaN()))) + string(le64(math.Float64bits(math.Inf(1)))) + string(le64(math.Float64bits(math.Inf(-1)))),
			`{"vr":"FD","Value":["NaN","Infinity","-Infinity"]}`,
		},
		"very long":          {0x0040A172, "SV", string(le64(math.MaxUint64)) + string(le64(1<<63)), `{"vr":"SV","Value":[-1,"-9223372036854775808"]}`},
		"unsigned very long": {0x0040A173, "UV", string(le64(5)) + string(le64(math.MaxUint64)), `{"vr":"UV","Value":[5,"18446744073709551615"]}`},
		"tag":                {0x00280009, "AT", string(le16(0x0018, 0x106A)), `{"vr":"AT","Value":["0018106A"]}`},
		"bytes":              {0x00282000, "OB", "\x01\x02\x03\x04", `{"vr":"OB","InlineBinary":"AQIDBA=="}`},
		"unknown":            {0x00091001, "UN", "\x01\x02", `{"vr":"UN","InlineBinary":"AQI="}`},
		"UN of a known tag":  {0x00100020, "UN", "ID", `{"vr":"LO","Value":["ID"]}`},
		"too long":           {0x00282000, "OB", strings.Repeat("x", 1026), `{"vr":"OB","BulkDataURI":"bulk/00282000"}`},
		"pixels":             {0x7FE00010, "OB", "\x01\x02", `{"vr":"OB","BulkDataURI":"bulk/7FE00010"}`},
		"a VR that is none":  {0x00100020, "XX", "\x01\x02", `{"vr":"UN","InlineBinary":"AQI="}`},
		"not ASCII":          {0x00100020, "LO", "J\xE9r\xF4me ", `{"vr":"LO","Value":["Jérôme"]}`},
		"not ASCII in CS":    {0x00080060, "CS", "\xC4", `{"vr":"CS","Value":["Ä"]}`},
		"character set":      {0x00080005, "CS", `ISO 2022 IR 6\ISO 2022 IR 87`, `{"vr":"CS","Value":["ISO_IR 192"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds := dicom.Dataset{Elements: []dicom.DataElement{{Tag: tt.tag, VR: tt.vr, Value: []byte(tt.value)}}}
			o := json.Options{BulkURI: func(path string) string { return "bulk/" + path }}
			want := `{"` + strings.NewReplacer("(", "", ",", "", ")", "").Replace(tt.tag.String()) + `":` + tt.want + `}`
			got, err := json.EncodeDataset(ds, o)
			if name == "half a number at the end" {
				want = strings.Replace(want, "7,1", "7", 1) // in a file it is padded
			}
			if err != nil || string(got) != want {
				t.Errorf("data set: got %s, %v, want %s", got, err, want)
			}
			if name == "half a number at the end" {
				want = strings.Replace(want, "7", "7,1", 1)
			}
			for _, syntax := range []string{dicom.ExplicitLittleEndian, dicom.ExplicitBigEndian} {
				b, err := dicom.Encode(syntax, ds)
				if err != nil {
					t.Fatal(err)
				}
				f, err := dicom.Read(b)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := json.Encode(f, o); err != nil || string(got) != want {
					t.Errorf("%s: got %s, %v, want %s", syntax, got, err, want)
				}
			}
		})
	}
}

// nested is a data set with a sequence in a sequence, and what does not belong into
// an object.
func nested() dicom.Dataset {
	var inner, item, ds dicom.Dataset
	inner.Set(dicom.DataElement{Tag: 0x00181074, VR: "OW", Value: make([]byte, 2000)})
	item.SetString(0x00080005, "CS", "ISO_IR 144")
	item.SetString(0x00100020, "LO", "\xBB\xEE\xDA")
	item.Set(dicom.DataElement{Tag: 0x00540022, VR: "SQ", Items: []dicom.Dataset{inner, {}}})
	ds.SetString(0x00080000, "UL", "\x00\x00\x00\x00")
	ds.SetString(0x00080005, "CS", "ISO_IR 100")
	ds.Set(dicom.DataElement{Tag: 0x00540016, VR: "SQ", Items: []dicom.Dataset{{}, item}})
	ds.SetString(0x00550010, "LO", "\xE9")
	ds.Set(dicom.DataElement{Tag: 0x00560010, VR: "SQ"})
	ds.SetString(0xFFFCFFFC, "OB", "\x00\x00")
	return ds
}

const nestedJSON = `{"00080005":{"vr":"CS","Value":["ISO_IR 192"]},"00540016":{"vr":"SQ","Value":[{},{"00080005":{"vr":"CS","Value":["ISO_IR 192"]},` +
	`"00100020":{"vr":"LO","Value":["Люк"]},"00540022":{"vr":"SQ","Value":[{"00181074":{"vr":"OW","BulkDataURI":"00540016/1/00540022/0/00181074"}},{}]}}]},` +
	`"00550010":{"vr":"LO","Value":["é"]},"00560010":{"vr":"SQ"}}`

// TestItemsHaveTheirOwnCharacterSetAndPath writes sequences.
func TestItemsHaveTheirOwnCharacterSetAndPath(t *testing.T) {
	t.Parallel()
	o := json.Options{BulkURI: func(path string) string { return path }}
	if got, err := json.Encode(read(t, nested()), o); err != nil || string(got) != nestedJSON {
		t.Errorf("file: got %s, %v, want %s", got, err, nestedJSON)
	}
	if got, err := json.EncodeDataset(nested(), o); err != nil || string(got) != nestedJSON {
		t.Errorf("data set: got %s, %v, want %s", got, err, nestedJSON)
	}
}

// TestHeaderNamesThePixelsItDidNotRead writes what ReadHeader read.
func TestHeaderNamesThePixelsItDidNotRead(t *testing.T) {
	t.Parallel()
	b, err := dicom.Encode(dicom.ExplicitLittleEndian, ct())
	if err != nil {
		t.Fatal(err)
	}
	f, err := dicom.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	header, err := dicom.ReadHeader(b[:len(b)-100])
	if err != nil {
		t.Fatal(err)
	}
	o := json.Options{BulkURI: func(path string) string { return "../bulkdata/" + path }}
	want, _ := json.Encode(f, o)
	got, err := json.Encode(header, o)
	if err != nil || string(got) != string(want) || !strings.HasSuffix(string(got), `"7FE00010":{"vr":"OW","BulkDataURI":"../bulkdata/7FE00010"}}`) {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	got, _ = json.Encode(header, json.Options{Keep: func(t dicom.Tag) bool { return t == 0x00080060 || t == 0x00081140 }})
	const kept = `{"00080060":{"vr":"CS","Value":["CT"]},"00081140":{"vr":"SQ","Value":[{"00080100":{"vr":"SH","Value":["121311"]},"00080104":{"vr":"LO","Value":["Localizer"]}},` +
		`{"00080100":{"vr":"SH","Value":["121311"]},"00080104":{"vr":"LO","Value":["Localizer"]}}]}}`
	if string(got) != kept {
		t.Errorf("kept: got %s, want %s", got, kept)
	}
}

// TestMembersAreInOrder writes a file whose elements are not, and of which one comes
// twice.
func TestMembersAreInOrder(t *testing.T) {
	t.Parallel()
	b, err := dicom.Encode(dicom.ExplicitLittleEndian, dicom.Dataset{Elements: []dicom.DataElement{
		{Tag: 0x00080060, VR: "CS", Value: []byte("CT")}, {Tag: 0x00100020, VR: "LO", Value: []byte("A ")}, {Tag: 0x00100020, VR: "LO", Value: []byte("B ")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	first := strings.Index(string(b), "\x08\x00\x60\x00")
	element := string(b[first : first+10])
	b = append(append(b[:first:first], b[first+10:]...), element...)
	f, err := dicom.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"00080060":{"vr":"CS","Value":["CT"]},"00100020":{"vr":"LO","Value":["B"]}}`
	if got, err := json.Encode(f, json.Options{}); err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

// TestCompressedPixelsAreBulkData writes fragments.
func TestCompressedPixelsAreBulkData(t *testing.T) {
	t.Parallel()
	ds := dicom.Dataset{Elements: []dicom.DataElement{
		{Tag: 0x00080060, VR: "CS", Value: []byte("CT")},
		{Tag: 0x7FE00010, VR: "OB", Fragments: [][]byte{{}, {1, 2}}},
	}}
	b, err := dicom.Encode("1.2.840.10008.1.2.4.90", ds)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"00080060":{"vr":"CS","Value":["CT"]},"7FE00010":{"vr":"OB","BulkDataURI":"7FE00010"}}`
	for name, reader := range map[string]func([]byte) (*dicom.File, error){"file": dicom.Read, "header": dicom.ReadHeader} {
		f, err := reader(b)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := json.Encode(f, json.Options{BulkURI: func(path string) string { return path }}); err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, want)
		}
		if got, _ := json.Encode(f, json.Options{}); !strings.HasSuffix(string(got), `"7FE00010":{"vr":"OB"}}`) {
			t.Errorf("%s without a URI: got %s", name, got)
		}
	}
}

// TestPickCopiesWhatIsWanted cuts an object.
func TestPickCopiesWhatIsWanted(t *testing.T) {
	t.Parallel()
	keep := func(tag dicom.Tag) bool { return tag == 0x00080005 || tag == 0x00550010 }
	const want = `[{"00080005":{"vr":"CS","Value":["ISO_IR 192"]},"00550010":{"vr":"LO","Value":["é"]}}`
	if got := string(json.Pick([]byte(nestedJSON), keep, []byte("["))); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	spaced := " {\n\"00100020\" : { \"vr\" : \"LO\" , \"Value\":[\"}{\\\"\"] } , \"00100021\":null }"
	if got := string(json.Pick([]byte(spaced), func(dicom.Tag) bool { return true }, nil)); got != `{"00100020" : { "vr" : "LO" , "Value":["}{\""] },"00100021":null}` {
		t.Errorf("spaced: got %s", got)
	}
	for _, damaged := range []string{"", "{", "null", "[]", `{"0010`, `{"00100020"`, `{"00100020":`, `{"00100020":{"vr"`, `{"0010002":{}}`, `{"0010002\u0030":1}`, `{"00100020":{}`, `{"00100020":{},}`} {
		got := json.Pick([]byte(damaged), func(dicom.Tag) bool { return true }, nil)
		if !stdjson.Valid(got) {
			t.Errorf("%s: got %s", damaged, got)
		}
	}
}

// TestMergeJoinsInTheOrderOfTags joins objects; the last one's member is taken.
func TestMergeJoinsInTheOrderOfTags(t *testing.T) {
	t.Parallel()
	open := json.AppendInt(json.AppendText([]byte("{"), 0x00080061, "CS", "CT", "SR"), 0x00201206, "IS", 2)
	open = append(json.AppendText(open, 0x00201209, "PN"), '}')
	got := string(json.Merge(nil, []byte(`{"00080060":{"vr":"CS"},"00201206":{"vr":"IS","Value":[1]}}`), []byte(`{}`), open, []byte(`{"00080005":1}`)))
	const want = `{"00080005":1,"00080060":{"vr":"CS"},"00080061":{"vr":"CS","Value":["CT","SR"]},"00201206":{"vr":"IS","Value":[2]},"00201209":{"vr":"PN"}}`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := string(json.Merge([]byte("["))); got != "[{}" {
		t.Errorf("nothing: got %s", got)
	}
	text := string(json.AppendText([]byte("{"), 0x00100010, "PN", "A=B", "", "\xFF\"")) + "}"
	if text != `{"00100010":{"vr":"PN","Value":[{"Alphabetic":"A","Ideographic":"B"},null,{"Alphabetic":"`+"\uFFFD"+`\""}]}}` {
		t.Errorf("text: got %s", text)
	}
}

// BenchmarkEncode writes the header of a CT of 70 elements: the promise is 40 µs.
func BenchmarkEncode(b *testing.B) {
	raw, err := dicom.Encode(dicom.ExplicitLittleEndian, ct())
	if err != nil {
		b.Fatal(err)
	}
	f, err := dicom.ReadHeader(raw)
	if err != nil {
		b.Fatal(err)
	}
	o := json.Options{BulkURI: func(path string) string { return "../bulkdata/" + path }}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Encode(f, o); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(f.Elements())), "elements")
}

// BenchmarkDecode reads it.
func BenchmarkDecode(b *testing.B) {
	object, err := json.EncodeDataset(ct(), json.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(object)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Decode(object, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPick cuts ten members out of it.
func BenchmarkPick(b *testing.B) {
	object, err := json.EncodeDataset(ct(), json.Options{})
	if err != nil {
		b.Fatal(err)
	}
	var out []byte
	b.SetBytes(int64(len(object)))
	b.ReportAllocs()
	for b.Loop() {
		out = json.Pick(object, func(t dicom.Tag) bool { return t.Group() == 0x0020 }, out[:0])
	}
}
