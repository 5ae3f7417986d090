package grade

import (
	"slices"
	"testing"

	"sinso.dev/sinso"
)

func header(modality, study, series string) sinso.Header {
	return sinso.Header{
		Modality: modality, StudyDescription: sinso.NewPHI(study), SeriesDescription: sinso.NewPHI(series),
	}
}

func TestOriginalIsNeverBelowT3(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		header sinso.Header
		want   sinso.Tier
	}{
		"nothing known":          {sinso.Header{}, sinso.T3},
		"chest CT":               {header("CT", "CT chest", "lung 1.0"), sinso.T3},
		"hives is not HIV":       {header("CT", "hives", ""), sinso.T3},
		"aided is not aids":      {header("CT", "CAD aided reading", ""), sinso.T3},
		"violet is not viol":     {header("CT", "violet protocol", ""), sinso.T3},
		"HIV":                    {header("CT", "Thorax (HIV+)", ""), sinso.T4},
		"HIV in Chinese":         {header("CT", "胸部CT艾滋病随访", ""), sinso.T4},
		"psychiatric, series":    {header("MR", "MR", "PSYCHIATRIC rule-out"), sinso.T4},
		"psychiatric in Russian": {header("MR", "Психиатрия", ""), sinso.T4},
		"assault in Japanese":    {header("CT", "性暴力被害", ""), sinso.T4},
		"substance use":          {header("CT", "suspected body-packing/Bodypacker", ""), sinso.T4},
		"genetic in French":      {header("MR", "bilan génétique", ""), sinso.T4},
		"eye by modality":        {header("op", "", ""), sinso.T4},
		"eye by class":           {sinso.Header{SOPClassUID: "1.2.840.10008.5.1.4.1.1.77.1.5.4"}, sinso.T4},
		"by body part":           {sinso.Header{BodyPart: "PENIS"}, sinso.T4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Original(tt.header); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestEveryStigmaIsFoundByEachOfItsWords(t *testing.T) {
	t.Parallel()
	for _, rule := range stigmas {
		for _, word := range append(append([]string{}, rule.words...), rule.pieces...) {
			text := "CT, " + word
			if text[len(text)-1] == '*' {
				text = text[:len(text)-1] + "xyz"
			}
			if got := Original(header("CT", text, "")); got != sinso.T4 {
				t.Errorf("%s: %q: got %v, want T4", rule.code, text, got)
			}
		}
	}
}

func TestDerivativeFailsClosed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		original sinso.Tier
		withheld []sinso.Reason
		want     sinso.Tier
	}{
		"clean":               {sinso.T3, nil, sinso.T1},
		"original not graded": {sinso.TierUnset, nil, sinso.T1},
		"held back":           {sinso.T3, []sinso.Reason{"face"}, sinso.T3},
		"of T4":               {sinso.T4, nil, sinso.T3},
		"of T4, held back":    {sinso.T4, []sinso.Reason{"face"}, sinso.T3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reasons := slices.Concat(tt.withheld, Held(tt.original))
			if got := Derivative(reasons); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
			if tt.original == sinso.T4 && Explain(reasons[len(reasons)-1]) == "" {
				t.Error("no sentence for the reason")
			}
		})
	}
}
