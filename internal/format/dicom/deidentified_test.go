package dicom

import (
	"strings"
	"testing"

	"sinso.dev/sinso"
)

func TestDeidentifiedReadsWhatTheObjectSays(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		removed string
		method  []string
		want    sinso.Deidentified
	}{
		"nothing":                {"", nil, ""},
		"not removed":            {"NO", nil, ""},
		"removed":                {"YES", nil, sinso.DeidentifiedElsewhere},
		"not removed, by a tool": {"NO", []string{"a tool"}, ""},
		"removed by a tool":      {"YES", []string{"a tool", "no identifiers"}, sinso.DeidentifiedElsewhere},
		"ours":                   {"YES", []string{"PS3.15", DeidentifiedMaker + "teaching", strings.Repeat("0a", 32)}, sinso.DeidentifiedHere},
		"ours, and denied":       {"NO", []string{DeidentifiedMaker + "teaching"}, sinso.DeidentifiedHere},
		"a method without end":   {"YES", []string{DeidentifiedMaker + strings.Repeat("x", maxDeidMethod)}, sinso.DeidentifiedElsewhere},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, syntax := range []string{ExplicitLittleEndian, ImplicitLittleEndian, ExplicitBigEndian} {
				var ds Dataset
				ds.SetString(0x00080018, VRUI, "1.2.3")
				if tt.removed != "" {
					ds.SetString(tagIdentityRemoved, VRCS, tt.removed)
				}
				if tt.method != nil {
					ds.SetString(tagDeidMethod, VRLO, tt.method...)
				}
				raw, err := EncodeMeta(syntax, Dataset{}, ds)
				if err != nil {
					t.Fatal(err)
				}
				file, err := Read(raw)
				if err != nil {
					t.Fatal(err)
				}
				if got := file.Deidentified(); got != tt.want {
					t.Errorf("%s: got %q, want %q", syntax, got, tt.want)
				}
			}
		})
	}
}
