package prose

import (
	"slices"
	"strings"
	"testing"
)

// oddClasses are all the texts with identifiers in odd forms.
var oddClasses = []map[string][]planted{oddNames, oddNumbers, oddForms, oddHan}

// oddPerson is somebody whose names and numbers are in some of the odd texts.
var oddPerson = Known{
	Names: []string{"Stone^Mark=高^明", "White^Rose", "Dr. Gray"}, IDs: []string{"417", "4471902"},
	Dates: []string{"19610703", "20190422"}, Places: []string{"Springfield General Hospital"},
}

func TestIdentifiersInOddFormsAreRemoved(t *testing.T) {
	t.Parallel()
	testOdd(t, New(Known{}), true)
}

// What is known may take a part of an identifier: the rest must go as if nothing were.
func TestWhatIsKnownShieldsNoOtherIdentifier(t *testing.T) {
	t.Parallel()
	testOdd(t, New(oddPerson), false)
}

func testOdd(t *testing.T, c *Cleaner, stays bool) {
	t.Helper()
	texts, pieces := 0, 0
	for _, classes := range oddClasses {
		for class, list := range classes {
			for _, tt := range list {
				texts++
				pieces += len(tt.gone)
				got := check(t, c, tt.text)
				for _, gone := range tt.gone {
					if strings.Contains(withoutSpaces(got), withoutSpaces(gone)) {
						t.Errorf("%s: Clean(%q) = %q, which holds %q", class, tt.text, got, gone)
					}
				}
				for _, stay := range tt.stay {
					if stays && !strings.Contains(got, stay) {
						t.Errorf("%s: Clean(%q) = %q, without %q", class, tt.text, got, stay)
					}
				}
			}
		}
	}
	if t.Logf("%d identifiers in %d texts", pieces, texts); texts < 500 {
		t.Errorf("only %d texts", texts)
	}
}

// Words and letters that only knowledge tells to be a name go with it.
func TestNamesThatLookLikeNothingElseGoIfTheyAreKnown(t *testing.T) {
	t.Parallel()
	c := New(Known{Names: []string{"Stone^Mark=高^白", "White^Rose", "Long^Abel"}})
	for _, tt := range []planted{
		{"Stone family notified", []string{"Stone"}, []string{"notified"}},
		{"KNEE_WHITE_R", []string{"WHITE"}, []string{"KNEE"}},
		{"sent by (Long Island)", []string{"Long"}, []string{"sent by"}},
		{"高、白两位医生", []string{"高", "白"}, []string{"医生"}},
		{"logged in as white at night", []string{"white"}, []string{"at night"}},
	} {
		got := check(t, c, tt.text)
		for _, gone := range tt.gone {
			if strings.Contains(got, gone) {
				t.Errorf("Clean(%q) = %q, which holds %q", tt.text, got, gone)
			}
		}
		for _, stay := range tt.stay {
			if !strings.Contains(got, stay) {
				t.Errorf("Clean(%q) = %q, without %q", tt.text, got, stay)
			}
		}
	}
}

func TestNineteenOfTwentyWordsOfOddCleanTextsStay(t *testing.T) {
	t.Parallel()
	testClean(t, oddCleanTexts)
}

// However a text is set, its words are read the same.
func TestNineteenOfTwentyWordsOfCleanTextsStayHoweverTheyAreSet(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(string) string{
		"small letters":        strings.ToLower,
		"capitals":             strings.ToUpper,
		"a word a line":        func(s string) string { return strings.ReplaceAll(s, " ", "\n") },
		"a sentence a line":    func(s string) string { return strings.ReplaceAll(s, ". ", ".\r\n") },
		"several texts in one": func(s string) string { return s + "\n" + cleanTexts[len(s)%len(cleanTexts)] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var texts []string
			for _, text := range slices.Concat(cleanTexts, oddCleanTexts) {
				texts = append(texts, set(text))
			}
			testClean(t, texts)
		})
	}
}

func testClean(t *testing.T, texts []string) {
	t.Helper()
	c := New(Known{})
	before, after := 0, 0
	for _, text := range texts {
		got := check(t, c, text)
		before += wordsOf(text)
		after += wordsOf(got)
		if got != text {
			t.Logf("Clean(%q) = %q", text, got)
		}
	}
	t.Logf("%d of %d words stay (%.1f %%)", after, before, 100*float64(after)/float64(before))
	if after*20 < before*19 {
		t.Errorf("only %d of %d words stay", after, before)
	}
}

// The spaces between characters that stand alone are left out to read them, not to write.
func TestSpacesBetweenKeptCharactersStay(t *testing.T) {
	t.Parallel()
	c := New(Known{})
	for text, want := range map[string]string{
		"左 肺 上 叶":         "左 肺 上 叶",
		"胸 部  平 扫":        "胸 部  平 扫",
		"姓 名 ： 张 三  左 肺":  "姓 名 ： _  左 肺",
		"张 三，胸 部":         "_，胸 部",
		"CT 左 肺 T2 高 信 号": "CT 左 肺 T2 高 信 号",
	} {
		if got := check(t, c, text); got != want {
			t.Errorf("Clean(%q) = %q, want %q", text, got, want)
		}
	}
}
