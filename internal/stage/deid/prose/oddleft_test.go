package prose

import (
	"strings"
	"testing"
)

// oddLeft are texts of which something is left if nothing is known of the person: words
// and numbers that only who reads the text takes for an identifier.
var oddLeft = []planted{
	{"Scanned by tech AP", []string{"tech AP"}, []string{"by tech"}},
	{"Stone family notified", []string{"Stone"}, []string{"notified"}},
	{"New Year's Day fall", []string{"New Year"}, []string{"fall"}},
	{"22.4. head", []string{"22.4"}, []string{"head"}},
	{"born in the summer of sixty-one", []string{"summer", "sixty", "one"}, []string{"born in the"}},
	{"flat 3, 18 High Wall, hip", []string{"18", "High Wall"}, []string{"hip"}},
	{"D0E, J4NE knee", []string{"D0E", "J4NE"}, []string{"knee"}},
	{"㊅㊈㊀ knee ２０２４年", []string{"㊅", "㊈", "２０２４"}, []string{"knee"}},
	{"高、白两位医生", []string{"高", "白"}, nil},
	{"上周三复查", []string{"周三"}, []string{"复查"}},
	{"Patient was sent by Dr Page (Long Island)", []string{"Page", "Long Island"}, []string{"Patient was sent by"}},
	{"admitted 02-Feb at 18h", []string{"02", "Feb", "18h"}, []string{"admitted"}},
	{"age>89: 93", []string{"93"}, nil},
	{"protocol AX-204/7 pt 0031", []string{"0031", "204"}, nil},
	{"KNEE_WHITE_R", []string{"WHITE"}, []string{"KNEE"}},
	{"Logged in as gray at 09:31", []string{"gray", "09:31"}, nil},
	{"<!-- White -->", []string{"White"}, nil},
	{"$HOME/white/ct", []string{"white"}, nil},
	{"Pt's wife Ivy reports he was dizzy since Sat", []string{"Ivy", "Sat"}, []string{"reports he was"}},
	{"Visit 2 of study ABC-204, subj 0017-RW", []string{"204", "0017", "RW"}, nil},
}

// Of the identifiers in odd forms, those of the texts that are cleaned and those of
// oddLeft together, so many are left.
func TestAtMostTwoPercentOfIdentifiersInOddFormsAreLeft(t *testing.T) {
	t.Parallel()
	c := New(Known{})
	texts, pieces, left := 0, 0, 0
	count := func(tt planted) {
		texts++
		pieces += len(tt.gone)
		got := check(t, c, tt.text)
		for _, gone := range tt.gone {
			if strings.Contains(withoutSpaces(got), withoutSpaces(gone)) {
				left++
			}
		}
	}
	for _, tt := range oddLeft {
		count(tt)
	}
	for _, classes := range oddClasses {
		for _, list := range classes {
			for _, tt := range list {
				count(tt)
			}
		}
	}
	if t.Logf("%d of %d identifiers in %d texts are left", left, pieces, texts); left*50 > pieces {
		t.Errorf("%d of %d identifiers are left", left, pieces)
	}
}
