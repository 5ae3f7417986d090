package prose

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// withoutSpaces makes texts comparable whatever parts their words.
func withoutSpaces(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\u200b' || r == '\u200d' {
			return -1
		}
		return r
	}, s)
}

func TestIdentifiersNobodyToldOfAreRemoved(t *testing.T) {
	t.Parallel()
	c := New(Known{})
	if len(plantedTexts) < 80 {
		t.Fatalf("only %d texts", len(plantedTexts))
	}
	for _, tt := range plantedTexts {
		got, removals := c.Clean(tt.text)
		for _, gone := range tt.gone {
			if strings.Contains(withoutSpaces(got), withoutSpaces(gone)) {
				t.Errorf("Clean(%q) = %q, which holds %q", tt.text, got, gone)
			}
		}
		for _, stay := range tt.stay {
			if !strings.Contains(got, stay) {
				t.Errorf("Clean(%q) = %q, without %q", tt.text, got, stay)
			}
		}
		if len(removals) == 0 {
			t.Errorf("Clean(%q) tells of no removal", tt.text)
		}
	}
}

// wordsOf returns the words of a text, and each Chinese character.
func wordsOf(text string) int {
	n := 0
	inside := false
	for _, r := range text {
		switch formOf(r | 0x20) {
		case formHan:
			n++
			inside = false
		case formWord, formNumber:
			if !inside {
				n++
			}
			inside = true
		case formForeign, formSpace, formBreak, formSign:
			inside = false
		}
	}
	return n
}

func TestNineOfTenWordsOfCleanTextsStay(t *testing.T) {
	t.Parallel()
	c := New(Known{Names: []string{"Okonkwo^Chidi"}, IDs: []string{"PAT-00417"}, Dates: []string{"19561112"}})
	before, after := 0, 0
	for _, text := range cleanTexts {
		got, _ := c.Clean(text)
		before += wordsOf(text)
		after += wordsOf(got)
		if got != text {
			t.Logf("Clean(%q) = %q", text, got)
		}
	}
	t.Logf("%d of %d words stay (%.1f %%)", after, before, 100*float64(after)/float64(before))
	if after*10 < before*9 {
		t.Errorf("only %d of %d words stay", after, before)
	}
}

func TestRemovalsSayWhatIsGone(t *testing.T) {
	t.Parallel()
	c := New(Known{})
	for _, tt := range []struct {
		text, want string
		removals   []Removal
	}{
		{"", "", nil},
		{" \r\n ", " \r\n ", nil},
		{"chest CT", "chest CT", nil},
		{"CT 2024-03-05", "CT _", []Removal{{Date, 3, 13}}},
		{"Dr. Long: CT", "_: CT", []Removal{{Name, 0, 8}}},
		{"左肺 张伟", "左肺 _", []Removal{{Name, 3, 5}}},
		{"call 555-0123", "call _", []Removal{{Phone, 5, 13}}},
		{"MRN 4477", "MRN _", []Removal{{ID, 4, 8}}},
		{"a@b.org chest", "_ chest", []Removal{{Contact, 0, 7}}},
		{"93 years old", "_ years old", []Removal{{Age, 0, 2}}},
		{"at Mercy Hospital", "at _", []Removal{{Place, 3, 17}}},
		{"chest zzyzx\nqqq lung", "chest _\n_ lung", []Removal{{Unknown, 6, 11}, {Unknown, 12, 15}}},
		{"\xff\xfe", "_", []Removal{{Unknown, 0, 2}}},
	} {
		got, removals := c.Clean(tt.text)
		if got != tt.want || !slices.Equal(removals, tt.removals) {
			t.Errorf("Clean(%q) = %q, %v; want %q, %v", tt.text, got, removals, tt.want, tt.removals)
		}
	}
}

// check tests what holds for any text.
func check(t *testing.T, c *Cleaner, text string) string {
	t.Helper()
	got, removals := c.Clean(text)
	if !utf8.ValidString(got) {
		t.Errorf("Clean(%q) = %q, no UTF-8", text, got)
	}
	if len(got) > len(text) || utf8.RuneCountInString(got) > utf8.RuneCountInString(text) {
		t.Errorf("Clean(%q) = %q, longer", text, got)
	}
	if a, b := strings.Count(text, "\n"), strings.Count(got, "\n"); a != b {
		t.Errorf("Clean(%q) = %q: %d line breaks, want %d", text, got, b, a)
	}
	last, n := 0, utf8.RuneCountInString(text)
	for _, r := range removals {
		if r.Start < last || r.End <= r.Start || r.End > n || r.Kind == kept || r.Kind > Unknown {
			t.Errorf("Clean(%q): removals %v out of order or bounds", text, removals)
		}
		last = r.End
	}
	return got
}

func TestCleanerServesManyGoroutines(t *testing.T) {
	t.Parallel()
	c := New(Known{Names: []string{"Head^Rose"}})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for _, tt := range plantedTexts {
				first, _ := c.Clean(tt.text)
				if second, _ := c.Clean(tt.text); first != second {
					t.Errorf("Clean(%q) = %q, then %q", tt.text, first, second)
				}
			}
		})
	}
	group.Wait()
}

func TestVocabularyIsSortedAndLarge(t *testing.T) {
	t.Parallel()
	for _, list := range []struct {
		name, text string
		least      int
	}{{"english.txt", englishWords, 6000}, {"chinese.txt", chineseTerms, 2500}, {"names_en.txt", englishNames, 300}} {
		lines := strings.Split(strings.TrimSuffix(list.text, "\n"), "\n")
		if len(lines) < list.least || !slices.IsSorted(lines) || len(slices.Compact(slices.Clone(lines))) != len(lines) {
			t.Errorf("%s: %d lines, sorted: %v", list.name, len(lines), slices.IsSorted(lines))
		}
	}
	for word := range strings.FieldsSeq("smith jones garcia mueller wang zhang nguyen patel kim ivanov john mary michael jennifer london boston beijing") {
		if words().words[word]&inVocabulary != 0 {
			t.Errorf("%s is in the vocabulary", word)
		}
	}
}

func TestKindsHaveNames(t *testing.T) {
	t.Parallel()
	var got []string
	for k := Name; k <= Unknown; k++ {
		got = append(got, k.String())
	}
	if want := "[name date id phone contact place age unknown]"; fmt.Sprint(got) != want {
		t.Errorf("kinds are %v, want %s", got, want)
	}
}

func FuzzClean(f *testing.F) {
	for _, tt := range plantedTexts {
		f.Add(tt.text)
	}
	for _, classes := range oddClasses {
		for _, list := range classes {
			for _, tt := range list {
				f.Add(tt.text)
			}
		}
	}
	for _, text := range slices.Concat(cleanTexts, oddCleanTexts) {
		f.Add(text)
	}
	c := New(Known{Names: []string{"Long^Rose=高^明"}, IDs: []string{"A-12345"}, Dates: []string{"20240305"}, Places: []string{"Hope Clinic"}})
	f.Fuzz(func(t *testing.T, text string) {
		got := check(t, c, text)
		if strings.Contains(strings.ToLower(got), "20240305") || strings.Contains(got, "高明") {
			t.Errorf("Clean(%q) = %q", text, got)
		}
	})
}
