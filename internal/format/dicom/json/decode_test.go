package json_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/json"
)

// TestDecodeReadsEachForm reads one element of each kind (PS3.18 F.2.3 to F.2.7).
func TestDecodeReadsEachForm(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		element string // without the braces
		vr      dicom.VR
		want    string
	}{
		"text":                       {`"vr":"CS","Value":["A","B"]`, "CS", `A\B `},
		"empty":                      {`"vr":"CS"`, "CS", ""},
		"null":                       {`"vr":"CS","Value":null`, "CS", ""},
		"no values":                  {`"vr":"CS","Value":[]`, "CS", ""},
		"an empty one between":       {`"vr":"CS","Value":["A",null,"B"]`, "CS", `A\\B`},
		"UID":                        {`"vr":"UI","Value":["1.2.3"]`, "UI", "1.2.3\x00"},
		"VR behind":                  {`"Value":["1.2.3"],"vr":"UI"`, "UI", "1.2.3\x00"},
		"other members":              {`"Name":{"a":[1,"]"]},"vr":"SH","x":null,"Value":["a"],"y":1.5`, "SH", "a "},
		"escapes":                    {`"vr":"LT","Value":["\"\\\/\b\f\n\r\t\u0041"]`, "LT", "\"\\/\b\f\n\r\tA "},
		"decimals":                   {`"vr":"DS","Value":[0.50,"1.",-1E+2]`, "DS", `0.50\1.\-1E+2 `},
		"a decimal that is too long": {`"vr":"DS","Value":[0.1234567890123456789]`, "DS", "0.12345678901235"},
		"a small one":                {`"vr":"DS","Value":[-1.23456789012345678e-99]`, "DS", "-1.23456789e-99 "},
		"integers":                   {`"vr":"IS","Value":[1,"007",-3.0,4e2]`, "IS", `1\007\-3\400`},
		"unsigned short":             {`"vr":"US","Value":[1,"65535"]`, "US", "\x01\x00\xff\xff"},
		"signed short":               {`"vr":"SS","Value":[-32768]`, "SS", "\x00\x80"},
		"unsigned long":              {`"vr":"UL","Value":[4294967295]`, "UL", "\xff\xff\xff\xff"},
		"signed long":                {`"vr":"SL","Value":[-2]`, "SL", "\xfe\xff\xff\xff"},
		"signed very long":           {`"vr":"SV","Value":["-9223372036854775808"]`, "SV", "\x00\x00\x00\x00\x00\x00\x00\x80"},
		"unsigned very long":         {`"vr":"UV","Value":["18446744073709551615",5.0]`, "UV", "\xff\xff\xff\xff\xff\xff\xff\xff\x05\x00\x00\x00\x00\x00\x00\x00"},
		"float":                      {`"vr":"FL","Value":[0.1]`, "FL", "\xcd\xcc\xcc\x3d"},
		"double":                     {`"vr":"FD","Value":["-Infinity"]`, "FD", "\x00\x00\x00\x00\x00\x00\xf0\xff"},
		"tag":                        {`"vr":"AT","Value":["0018106a"]`, "AT", "\x18\x00\x6a\x10"},
		"a very small double":        {`"vr":"FD","Value":[5e-324]`, "FD", "\x01\x00\x00\x00\x00\x00\x00\x00"},
		"names":                      {`"vr":"PN","Value":[{"Alphabetic":"A^B"},{"Phonetic":"C","Ideographic":null},null,"D=E"]`, "PN", `A^B\==C\\D=E`},
		"binary":                     {`"vr":"OB","InlineBinary":"AQID"`, "OB", "\x01\x02\x03\x00"},
		"bulk":                       {`"vr":"OW","BulkDataURI":"a\/b"`, "OW", "of a/b"},
		"bulk text":                  {`"BulkDataURI":"x","vr":"UT"`, "UT", "of x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds, err := json.Decode([]byte(` { "00091001" : {`+tt.element+"} }\n"), func(uri string) ([]byte, error) { return []byte("of " + uri), nil })
			if err != nil || len(ds.Elements) != 1 {
				t.Fatalf("got %d elements, %v", len(ds.Elements), err)
			}
			if e := ds.Elements[0]; e.VR != tt.vr || string(e.Value) != tt.want {
				t.Errorf("got %s %q, want %s %q", e.VR, e.Value, tt.vr, tt.want)
			}
		})
	}
}

// TestDecodeSaysUTF8 reads text in all ways that it may be written.
func TestDecodeSaysUTF8(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"é": "é", `\u00e9`: "é", `\ud83d\ude00`: "😀", `\ud83dx`: "\uFFFDx", `\ud83d\u0041`: "\uFFFDA",
	} {
		ds, err := json.Decode([]byte(`{"00100010":{"vr":"PN","Value":[{"Alphabetic":"`+text+`"}]}}`), nil)
		if err != nil || len(ds.Elements) != 2 || string(ds.Elements[0].Value) != "ISO_IR 192" {
			t.Errorf("%s: got %v, %v", text, ds, err)
			continue
		}
		if got := read(t, ds).String(0x00100010); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
	ds, err := json.Decode([]byte(`{"00080005":{"vr":"CS","Value":["ISO_IR 100"]},"00100010":{"vr":"PN"}}`), nil)
	if err != nil || string(ds.Elements[0].Value) != "ISO_IR 192" {
		t.Errorf("named: got %v, %v", ds, err)
	}
}

// TestDecodeOrdersAndLeavesOut reads members that are out of order, and some that
// belong into no data set.
func TestDecodeOrdersAndLeavesOut(t *testing.T) {
	t.Parallel()
	ds, err := json.Decode([]byte(`{"00100020":{"Value":["X"]},"00020010":{"vr":"UI"},"00080000":{"vr":"UL","Value":[4]},"7fe00010":{"vr":"OW","BulkDataURI":"x"},"00080060":{"vr":"CS"}}`), nil)
	if err != nil || len(ds.Elements) != 2 || ds.Elements[0].Tag != 0x00080060 || ds.Elements[1].VR != "LO" {
		t.Errorf("got %v, %v", ds, err)
	}
}

// TestDecodeReadsItems reads nested sequences and writes them again.
func TestDecodeReadsItems(t *testing.T) {
	t.Parallel()
	want := nested()
	want.Remove(0x00080000)
	want.Remove(0xFFFCFFFC)
	ds, err := json.Decode([]byte(nestedJSON), func(uri string) ([]byte, error) {
		if uri != "00540016/1/00540022/0/00181074" {
			return nil, fmt.Errorf("another URI: %w", sinso.ErrNotFound)
		}
		return make([]byte, 2000), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.EncodeDataset(ds, json.Options{BulkURI: func(path string) string { return path }})
	if err != nil || string(got) != nestedJSON {
		t.Errorf("got %s, %v, want %s", got, err, nestedJSON)
	}
	if _, err := json.Decode([]byte(nestedJSON), func(string) ([]byte, error) { return nil, sinso.ErrNotFound }); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("no bulk data: got %v", err)
	}
}

// TestDecodeKeepsTheDataSet writes a data set and reads it.
func TestDecodeKeepsTheDataSet(t *testing.T) {
	t.Parallel()
	ds := ct()
	object, err := json.EncodeDataset(ds, json.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Decode(object, nil)
	if err != nil {
		t.Fatal(err)
	}
	got.Find(0x7FE00010).Value = ds.Find(0x7FE00010).Value
	ds.SetString(0x00080005, "CS", "ISO_IR 192")
	ds.SetString(0x00100010, "PN", "PHÄNTOM^CHEST")
	if why := sameTree(ds, got); why != "" {
		t.Error(why)
	}
}

// TestDecodeRefuses reads what is no data set.
func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	e := func(element string) string { return `{"00091001":{` + element + `}}` }
	deep := func(n int) string {
		return strings.Repeat(`{"00091001":{"vr":"SQ","Value":[`, n) + "{}" + strings.Repeat(`]}}`, n)
	}
	for name, tt := range map[string]struct {
		object string
		class  error
	}{
		"nothing":                      {"", sinso.ErrInvalid},
		"an array":                     {"[{}]", sinso.ErrInvalid},
		"no end":                       {"{", sinso.ErrInvalid},
		"something behind":             {"{}{}", sinso.ErrInvalid},
		"a comma too many":             {`{"00100020":{"vr":"LO"},}`, sinso.ErrInvalid},
		"no comma":                     {`{"00100020":{"vr":"LO"}"00100021":{"vr":"LO"}}`, sinso.ErrInvalid},
		"a tag twice":                  {`{"00100021":{"vr":"LO"},"00100020":{"vr":"LO"},"00100020":{"vr":"LO"}}`, sinso.ErrInvalid},
		"a keyword":                    {`{"PatientID":{"vr":"LO"}}`, sinso.ErrInvalid},
		"a delimiter":                  {`{"FFFEE000":{"vr":"UN"}}`, sinso.ErrInvalid},
		"no object":                    {`{"00100020":"x"}`, sinso.ErrInvalid},
		"a VR that is none":            {e(`"vr":"ZZ"`), sinso.ErrInvalid},
		"two VRs":                      {e(`"vr":"LO","vr":"SH"`), sinso.ErrInvalid},
		"values twice":                 {e(`"vr":"LO","Value":[],"Value":[]`), sinso.ErrInvalid},
		"values and binary":            {e(`"vr":"OB","InlineBinary":"","BulkDataURI":""`), sinso.ErrInvalid},
		"a number for text":            {e(`"vr":"LO","Value":[1]`), sinso.ErrInvalid},
		"text for a number":            {e(`"vr":"US","Value":["x"]`), sinso.ErrInvalid},
		"an object for text":           {e(`"vr":"LO","Value":[{}]`), sinso.ErrInvalid},
		"two long texts":               {e(`"vr":"LT","Value":["a","b"]`), sinso.ErrInvalid},
		"a value without array":        {e(`"vr":"LO","Value":"x"`), sinso.ErrInvalid},
		"binary as values":             {e(`"vr":"OB","Value":[1]`), sinso.ErrInvalid},
		"values as binary":             {e(`"vr":"US","InlineBinary":"AAA="`), sinso.ErrInvalid},
		"not base64":                   {e(`"vr":"OB","InlineBinary":"A"`), sinso.ErrInvalid},
		"a sequence elsewhere":         {e(`"vr":"SQ","BulkDataURI":"x"`), sinso.ErrInvalid},
		"an item that is none":         {e(`"vr":"SQ","Value":[1]`), sinso.ErrInvalid},
		"too large for US":             {e(`"vr":"US","Value":[65536]`), sinso.ErrInvalid},
		"negative for US":              {e(`"vr":"US","Value":[-1]`), sinso.ErrInvalid},
		"too large for SS":             {e(`"vr":"SS","Value":[32768]`), sinso.ErrInvalid},
		"not whole for UL":             {e(`"vr":"UL","Value":[1.5]`), sinso.ErrInvalid},
		"negative for UV":              {e(`"vr":"UV","Value":[-1]`), sinso.ErrInvalid},
		"not whole for IS":             {e(`"vr":"IS","Value":[1.5]`), sinso.ErrInvalid},
		"too long for IS":              {e(`"vr":"IS","Value":[1234567890123]`), sinso.ErrInvalid},
		"too large for FL":             {e(`"vr":"FL","Value":[1e99]`), sinso.ErrInvalid},
		"too large for FD":             {e(`"vr":"FD","Value":[1e400]`), sinso.ErrInvalid},
		"too large for DS":             {e(`"vr":"DS","Value":[1e400]`), sinso.ErrInvalid},
		"hexadecimal for FD":           {e(`"vr":"FD","Value":["0x1p3"]`), sinso.ErrInvalid},
		"a number that is missing":     {e(`"vr":"US","Value":[null]`), sinso.ErrInvalid},
		"a number that is none":        {e(`"vr":"DS","Value":[01]`), sinso.ErrInvalid},
		"a very long number":           {e(`"vr":"DS","Value":[` + strings.Repeat("1", 100) + `]`), sinso.ErrInvalid},
		"no tag":                       {e(`"vr":"AT","Value":["0018"]`), sinso.ErrInvalid},
		"an escape that is none":       {e(`"vr":"LO","Value":["\x"]`), sinso.ErrInvalid},
		"half an escape":               {e(`"vr":"LO","Value":["\u00"]`), sinso.ErrInvalid},
		"a control character":          {e("\"vr\":\"LO\",\"Value\":[\"\n\"]"), sinso.ErrInvalid},
		"not UTF-8":                    {e("\"vr\":\"LO\",\"Value\":[\"\xFF\"]"), sinso.ErrInvalid},
		"a string without an end":      {`{"00100020":{"vr":"LO`, sinso.ErrInvalid},
		"a string that ends in escape": {`{"00100020":{"vr":"LO\`, sinso.ErrInvalid},
		"deep":                         {deep(70), sinso.ErrUnsupported},
		"deep in what is passed over":  {e(`"x":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000)), sinso.ErrInvalid},
		"brackets without end":         {strings.Repeat("[", 100000), sinso.ErrInvalid},
		"brackets without end inside":  {`{"00091001":{"x":` + strings.Repeat("[", 100000), sinso.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ds, err := json.Decode([]byte(tt.object), func(string) ([]byte, error) { return nil, nil })
			if !errors.Is(err, tt.class) {
				t.Errorf("got %v, %v, want %v", ds, err, tt.class)
			}
		})
	}
	if _, err := json.Decode([]byte(deep(60)), nil); err != nil {
		t.Errorf("60 levels: %v", err)
	}
}

// TestDecodeTakesEveryVR reads an empty element of each VR of PS3.5 Table 6.2-1.
func TestDecodeTakesEveryVR(t *testing.T) {
	t.Parallel()
	for vr := range strings.FieldsSeq("AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV") {
		ds, err := json.Decode([]byte(`{"00091001":{"vr":"`+vr+`"}}`), nil)
		if err != nil || len(ds.Elements) != 1 || string(ds.Elements[0].VR) != vr {
			t.Errorf("%s: got %v, %v", vr, ds, err)
		}
	}
}

// TestSplitTakesArraysApart splits what STOW-RS carries.
func TestSplitTakesArraysApart(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[]": "", ` [ {"a":"]"} , {} ] `: `{"a":"]"}|{}`, "{}": "{}", " {\"a\":1}": `{"a":1}`,
	} {
		got, err := json.Split([]byte(text))
		if err != nil || string(bytes.Join(got, []byte("|"))) != want {
			t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "null", "[", "[{}", "[{},]", "[1]", "[{}] x", "[{}{}]", `[{"a]`} {
		if got, err := json.Split([]byte(text)); !errors.Is(err, sinso.ErrInvalid) {
			t.Errorf("%s: got %s, %v", text, got, err)
		}
	}
}

// TestDecimalsFitTheirVR reads numbers of every size: none gets longer than 16 bytes
// or another value, but for rounding.
func TestDecimalsFitTheirVR(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{math.Pi, -math.Pi, 1e21, -1.2345678901234567e21, 1.2345678901234567e-7, -math.SmallestNonzeroFloat64 * 1e250, 123456789012345678, -0.00012345678901234567} {
		text := fmt.Sprintf("%.20e", v)
		ds, err := json.Decode([]byte(`{"00091001":{"vr":"DS","Value":[`+text+`]}}`), nil)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var got float64
		if _, err := fmt.Sscan(strings.TrimSpace(string(ds.Elements[0].Value)), &got); err != nil || len(ds.Elements[0].Value) > 16 || math.Abs(got-v) > 1e-8*math.Abs(v) {
			t.Errorf("%s: got %q, %v", text, ds.Elements[0].Value, err)
		}
	}
}
