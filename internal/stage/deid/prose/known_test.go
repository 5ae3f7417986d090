package prose

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// person is an invented person with names that are words too, or not.
type person struct{ family, given, han string }

var persons = []person{
	{"Long", "Rose", "龙玫瑰"},
	{"White", "Grant", "白云"},
	{"Head", "May", "高明"},
	{"Young", "Will", "方小明"},
	{"Brown", "Hope", "常青"},
	{"Chest", "Lung", "肖肺"},
	{"Okonkwo", "Chidi", "欧阳大海"},
	{"Müller", "Jürgen", "左上"},
	{"O'Neill", "Siobhán", "王平"},
	{"Stone", "Art", "石中"},
	{"Smythe-Jones", "Mary Ann", "温长水"},
	{"Wang", "Xiaoming", "王小明"},
	{"Li", "Na", "李娜"},
	{"Sun", "Long", "孙龙"},
	{"Field", "Grace", "黄明"},
}

// nameForms are ways to write a name. What they have that identifies comes second.
var nameForms = []func(p person) (string, []string){
	func(p person) (string, []string) { return p.family + "^" + p.given, []string{p.family, p.given} },
	func(p person) (string, []string) { return p.given + " " + p.family, []string{p.family, p.given} },
	func(p person) (string, []string) { return p.family + ", " + p.given, []string{p.family, p.given} },
	func(p person) (string, []string) {
		return strings.ToUpper(p.family + " " + p.given), []string{p.family, p.given}
	},
	func(p person) (string, []string) {
		return strings.ToLower(p.given + "_" + p.family), []string{p.family, p.given}
	},
	func(p person) (string, []string) { return p.given[:1] + ". " + p.family, []string{p.family} },
	func(p person) (string, []string) { return p.family + " " + p.given[:1] + ".", []string{p.family} },
	func(p person) (string, []string) { return p.given + p.family, []string{p.given + p.family} },
	func(p person) (string, []string) { return p.family, []string{p.family} },
	func(p person) (string, []string) { return p.given, []string{p.given} },
	func(p person) (string, []string) { return "ct_" + p.family + "_2.dcm", []string{p.family} },
	func(p person) (string, []string) {
		return wide(p.family + " " + p.given), []string{wide(p.family), wide(p.given)}
	},
	func(p person) (string, []string) { return spaced(p.family), []string{spaced(p.family)} },
	func(p person) (string, []string) { return veiled(p.family), []string{veiled(p.family), p.family} },
	func(p person) (string, []string) { return p.han, []string{p.han} },
	func(p person) (string, []string) { return spaced(p.han), []string{spaced(p.han), p.han} },
}

// wide writes ASCII letters in their full-width forms.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if '!' <= r && r <= '~' {
			return r + 0xFEE0
		}
		return r
	}, s)
}

func spaced(s string) string { return strings.Join(strings.Split(s, ""), " ") }
func veiled(s string) string { return strings.Join(strings.Split(s, ""), "\u200b") }

var dateForms = []string{
	"20060102", "2006-01-02", "2006/01/02", "2006.01.02", "02.01.2006", "2.1.2006", "01/02/2006", "1/2/06", "02-Jan-2006", "2 January 2006",
	"January 2, 2006", "Jan 2 2006", "02JAN2006", "2006年1月2日", "2006年01月02日", "2006-01-02 15:04", "060102", "2006_01_02", "2 Jan 06", "1月2日",
}

var contexts = []string{
	"%s", "CT chest %s", "%s liver lesion", "Findings: %s. No acute abnormality.", "3 mm nodule %s left lung", "(%s)", "MRI\n%s\nT2W", "头颅%s平扫", "患者%s，右肺结节",
	"AP/%s/LAT", "head-%s-neck", "comparison [%s]", "见结节 %s 大小约5mm", "t2_tse_%s_sag", "%s\t%s",
}

// hides reports whether a text still holds one of some pieces as a word: not
// inside a longer one that was there before.
func hides(got string, pieces []string, context string) (string, bool) {
	for _, piece := range pieces {
		lower := strings.ToLower(piece)
		if strings.Count(strings.ToLower(got), lower) > strings.Count(strings.ToLower(strings.ReplaceAll(context, "%s", "")), lower) {
			return piece, false
		}
	}
	return "", true
}

func TestKnownIdentifiersAreGoneInEveryForm(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	tested := 0
	plant := func(c *Cleaner, form string, pieces []string) {
		for _, context := range contexts {
			text := strings.ReplaceAll(context, "%s", form)
			got := check(t, c, text)
			tested++
			if left, ok := hides(got, pieces, context); !ok {
				t.Errorf("Clean(%q) = %q, which holds %q", text, got, left)
			}
		}
	}
	for _, p := range persons {
		for _, names := range [][]string{{p.family + "^" + p.given + "=" + p.han}, {p.given + " " + p.family, p.han}} {
			c := New(Known{Names: names})
			for _, form := range nameForms {
				written, pieces := form(p)
				plant(c, written, pieces)
			}
		}
	}
	for range 20 {
		day := time.Date(1930+random.IntN(95), time.Month(1+random.IntN(12)), 1+random.IntN(28), 3, 4, 5, 0, time.UTC)
		c := New(Known{Dates: []string{day.Format("20060102")}})
		for _, form := range dateForms {
			written := day.Format(form)
			plant(c, written, []string{written})
		}
	}
	for range 60 {
		id := randomID(random)
		c := New(Known{IDs: []string{id}})
		for _, written := range []string{id, strings.ToLower(id), strings.ReplaceAll(id, "-", " "), strings.ReplaceAll(id, "-", ""), "ID" + id, wide(id)} {
			plant(c, written, []string{written})
		}
	}
	for _, place := range []string{"Hope Clinic", "Sacred Heart Hospital", "Radiology Department 3", "12 High Street, Springfield", "明德医院", "和平区中山路12号", "Long Island Imaging"} {
		c := New(Known{Places: []string{place}})
		for _, written := range []string{place, strings.ToUpper(place), strings.ToLower(place), strings.ReplaceAll(place, " ", ""), wide(place)} {
			plant(c, written, []string{written})
		}
	}
	t.Logf("%d texts", tested)
}

// randomID makes an identifier as hospitals do: letters, digits, hyphens.
func randomID(random *rand.Rand) string {
	var b strings.Builder
	for i := range 3 + random.IntN(8) {
		switch random.IntN(6) {
		case 0:
			b.WriteByte(byte('A' + random.IntN(26)))
		case 1:
			if i > 0 && i < 5 && !strings.HasSuffix(b.String(), "-") {
				b.WriteByte('-')
			}
			fallthrough
		default:
			b.WriteByte(byte('0' + random.IntN(10)))
		}
	}
	return b.String()
}

func TestNewBearsHostileIdentifiers(t *testing.T) {
	t.Parallel()
	many := make([]string, 3000)
	for i := range many {
		many[i] = strings.Repeat("a", 1+i%300) + strings.Repeat("^b", i%40) + strings.Repeat("c", i/300)
	}
	c := New(Known{Names: many, IDs: many, Dates: many, Places: many})
	if got := len(c.known.patterns); got > 3*maxForms {
		t.Errorf("%d forms, want at most %d", got, 3*maxForms)
	}
	check(t, c, strings.Repeat("a", 1<<14))
	check(t, c, strings.Repeat("a b ", 1<<12))
	for _, odd := range []string{"", " ", "^", "=", "^^^^", "\xff", "\u200b", "00000000", "高", "a", ".", "99999999"} {
		c := New(Known{Names: []string{odd}, IDs: []string{odd}, Dates: []string{odd}, Places: []string{odd}})
		if got, _ := c.Clean("CT of the chest, 5 mm"); got != "CT of the chest, 5 mm" {
			t.Errorf("with %q known, Clean = %q", odd, got)
		}
	}
}
