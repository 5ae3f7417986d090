package way

import (
	"reflect"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// TestBlurredCountsTellOfNobody: one person more or less among few changes nothing of
// what is told, and a count is never told higher than it is.
func TestBlurredCountsTellOfNobody(t *testing.T) {
	t.Parallel()
	of := func(n uint64) sinso.Risk {
		return sinso.Risk{
			K: n, Possible: n, Released: n, Persons: n, OfReleased: n, Least: 11, Shown: []string{"sex"},
			Advice: []sinso.RiskAdvice{{Hide: []string{"sex"}, K: n}, {Hide: []string{"age"}, K: 41}},
		}
	}
	for n := range FewerThan() {
		got := Blurred(of(n))
		if !reflect.DeepEqual(got, Blurred(of(0))) {
			t.Errorf("%d is told from 0: %+v", n, got)
		}
		for _, text := range SayRisk(got, false) {
			if strings.Contains(text, "obody else") {
				t.Errorf("%d: %q", n, text)
			}
		}
	}
	for n := uint64(1); n <= 10_000; n++ {
		got := Blurred(of(n))
		for _, told := range []uint64{got.K, got.Possible, got.Released, got.Persons, got.OfReleased} {
			if told > n || told > 0 && told*5 < n*2 || n >= FewerThan() && told == 0 {
				t.Fatalf("%d is told as %d", n, told)
			}
		}
	}
	if got := Blurred(of(4)); len(got.Advice) != 1 || got.Advice[0].K != 20 || got.Least != 11 || len(got.Shown) != 1 {
		t.Errorf("got %+v", got)
	}
	if original := of(4); Blurred(original).K == original.K {
		t.Error("nothing was blurred")
	}
}

// TestRiskIsSaidInPlainWords is each sentence that a person must understand.
func TestRiskIsSaidInPlainWords(t *testing.T) {
	t.Parallel()
	const large = 340
	for want, tt := range map[string]struct {
		r     sinso.Risk
		exact bool
	}{
		"12 people in this node's catalogue look the same by what this shows. 3 of those with a copy for sale here do.":                                              {sinso.Risk{K: 12, Released: 3, Persons: large}, true},
		"Nobody else in this node's catalogue looks the same by what this shows. Among those with a copy for sale here nobody else does: who knows that this person": {sinso.Risk{K: 1, Released: 1, Persons: large}, true},
		"Fewer than 5 people in this node's catalogue look the same by what this shows. Among those with a copy for sale here fewer than 5 do":                       {sinso.Risk{Persons: 200}, false},
		"At least 11 people in this node's catalogue look the same by what this shows. At least 5 of those":                                                          {sinso.Risk{K: 11, Released: 5, Persons: 200}, false},
		"At least 10000 people in this node's catalogue look the same":                                                                                               {sinso.Risk{K: 10_000, Released: 1, Persons: 20_000}, true},
	} {
		got := strings.Join(SayRisk(tt.r, tt.exact), " ")
		if !strings.HasPrefix(got, want) || strings.Contains(got, "small") {
			t.Errorf("got %q, want it to begin with %q", got, want)
		}
	}
	got := strings.Join(SayRisk(sinso.Risk{K: 1, Released: 1, Persons: 1, Unknown: []string{"body-parts"}}, true), " ")
	if !strings.Contains(got, "This catalogue is small") || !strings.Contains(got, "Not compared, for the catalogue says nothing of it: body-parts.") {
		t.Errorf("of a small catalogue: %q", got)
	}
}
