package web_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso/web"
)

var languages = []string{"en", "zh"}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := fs.ReadFile(web.Files(), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func wordsOf(t *testing.T, language string) map[string]string {
	t.Helper()
	var words map[string]string
	if err := json.Unmarshal([]byte(read(t, "i18n/"+language+".json")), &words); err != nil {
		t.Fatalf("%s: %v", language, err)
	}
	return words
}

// sources returns the page's code by file name.
func sources(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(web.Files(), ".", func(name string, _ fs.DirEntry, err error) error {
		if slices.Contains([]string{".js", ".html", ".css"}, filepath.Ext(name)) {
			found[name] = read(t, name)
		}
		return err
	})
	if err != nil || len(found) < 3 {
		t.Fatalf("got %d files, error %v", len(found), err)
	}
	return found
}

// matches returns the first group of every match of pattern in text.
func matches(pattern, text string) []string {
	var found []string
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found = append(found, match[1])
	}
	return found
}

func TestLanguagesHaveTheSameKeysAndValues(t *testing.T) {
	placeholders := func(text string) []string {
		found := matches(`\{(\w+)\}`, text)
		slices.Sort(found)
		return found
	}
	for _, one := range languages {
		for _, other := range languages {
			theirs := wordsOf(t, other)
			for key, text := range wordsOf(t, one) {
				switch translated, ok := theirs[key]; {
				case !ok:
					t.Errorf("key %q is in %s, not in %s", key, one, other)
				case strings.TrimSpace(translated) == "":
					t.Errorf("key %q of %s is empty", key, other)
				case !slices.Equal(placeholders(text), placeholders(translated)):
					t.Errorf("key %q has other {values} in %s than in %s", key, one, other)
				}
			}
		}
	}
}

// keysUsed returns the whole keys that the code asks for, and the beginnings of
// those that it puts together.
func keysUsed(t *testing.T) (keys, prefixes []string) {
	t.Helper()
	for _, text := range sources(t) {
		keys = append(keys, matches(`\bt\("([^"]+)"`, text)...)
		keys = append(keys, matches(`data-i18n(?:-label)?="([^"]+)"`, text)...)
		keys = append(keys, matches(`\bt\([^()]*\? "[^"]+" : "([^"]+)"`, text)...)
		prefixes = append(prefixes, matches("\\bt\\(`([\\w.]+\\.)\\$\\{", text)...)
		for _, set := range matches(`\bword\("([^"]+)"`, text) {
			prefixes = append(prefixes, set+".")
		}
	}
	return keys, prefixes
}

func TestEveryKeyInUseHasWordsAndNoOtherHas(t *testing.T) {
	keys, prefixes := keysUsed(t)
	words := wordsOf(t, "en")
	for _, key := range keys {
		if words[key] == "" {
			t.Errorf("the page uses key %q, which has no words", key)
		}
	}
	starts := func(key string) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
	}
	for key := range words {
		if !slices.Contains(keys, key) && !starts(key) {
			t.Errorf("nothing uses key %q", key)
		}
	}
}

// TestEveryCodeOfTheNodeHasWords reads the codes from where they are defined, so
// that a new event or reason without a translation is seen here.
func TestEveryCodeOfTheNodeHasWords(t *testing.T) {
	words := wordsOf(t, "en")
	for name, set := range map[string]struct {
		files, pattern string
		prefixes       []string
	}{
		"events":   {"../event.go", `EventType = "([\w-]+)"`, []string{"event.", "means."}},
		"reasons":  {"../internal/stage/*/*.go", `sinso\.Reason = "([\w-]+)"`, []string{"reason."}},
		"notes":    {"../internal/stage/*/*.go", `sinso\.Reason\("([\w-]+)"\)`, []string{"reason."}},
		"way":      {"../internal/way/*.go", `sinso\.Reason\("([\w-]+)"\)`, []string{"reason."}},
		"origins":  {"../tier.go", `Origin = "([\w-]+)"`, []string{"origin."}},
		"tiers":    {"../tier.go", `(?m)^\t(T\d) +//`, []string{"tier."}},
		"roles":    {"../meta.go", `Role = "([\w-]+)"`, []string{"role."}},
		"states":   {"../meta.go", `ReleaseState = "([\w-]+)"`, []string{"release."}},
		"reviews":  {"../meta.go", `ReviewState = "([\w-]+)"`, []string{"reviewState."}},
		"opinions": {"../meta.go", `Decision = "([\w-]+)"`, []string{"decide."}},
		"actions":  {"../internal/stage/deid/deid.go", `Action = "([\w-]+)"`, []string{"action."}},
		"causes":   {"../internal/stage/deid/deid.go", `Cause = "([\w-]+)"`, []string{"cause."}},
		"marks":    {"../internal/stage/deid/visible.go", `MarkCause = "([\w-]+)"`, []string{"mark."}},
		"failures": {"../internal/stage/deid/deface/plan.go", `Failure = "([^"]+)"`, []string{"faceFailed."}},
		"stays":    {"../internal/stage/deid/series.go", `Why\w+ += "([^"]+)"`, []string{"faceFailed."}},
		"unmade":   {"../internal/way/facereport.go", `Why\w+ = "([^"]+)"`, []string{"faceFailed."}},
		"checks":   {"../internal/stage/deid/deface/check.go", `\{"(\w+)", (?:float64\()?p\.`, []string{"faceCheck."}},
		"classes":  {"../internal/edge/problem/problem.go", `name: "([\w-]+)"`, []string{"problem."}},
		"proofs":   {"../internal/way/verify.go", `\{"([\w ]+)", v\.`, []string{"piece.", "proof."}},
		"traits":   {"../internal/stage/deid/risk/risk.go", `\{"([\w-]+)", \w+, \d`, []string{"trait."}},
		"flags":    {"../internal/stage/deid/risk/assess.go", `Flag = "([\w-]+)"`, []string{"flag."}},
		"payees":   {"../internal/way/derive.go", `rolePatient = "(\w+)"`, []string{"payee."}},
		"steps":    {"../internal/way/buy.go", `\tstep\w+ += "(\w+)"`, []string{"step."}},
		"outcomes": {"../internal/way/import.go", "\\sint +`json:\"(\\w+)\"`", []string{"upload.count."}},
	} {
		var codes []string
		files, err := filepath.Glob(set.files)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, matches(set.pattern, string(text))...)
		}
		if len(codes) == 0 {
			t.Errorf("%s: no code found in %s", name, set.files)
		}
		for _, code := range codes {
			for _, prefix := range set.prefixes {
				if words[prefix+code] == "" {
					t.Errorf("%s: %q has no words", name, prefix+code)
				}
			}
		}
	}
}

// TestHeldBackIsNotCalledKept: what is held back is in no copy, and what is kept is in it;
// who reviews in Chinese reads two words for them too.
func TestHeldBackIsNotCalledKept(t *testing.T) {
	words := wordsOf(t, "zh")
	kept := words["action.kept"]
	for _, key := range []string{"review.what", "review.openItem", "review.held", "review.ask.refuse", "means.review-decided"} {
		if kept == "" || strings.Contains(words[key], kept) {
			t.Errorf("key %q says %q, which has the word %q of what a copy keeps", key, words[key], kept)
		}
	}
}

// TestMostlyTextSaysHowMuch: in each language, as stage deid has it.
func TestMostlyTextSaysHowMuch(t *testing.T) {
	text, err := os.ReadFile("../internal/stage/deid/visible.go")
	if err != nil {
		t.Fatal(err)
	}
	bound := matches(`mostlyBlank = 0\.(\d)\n`, string(text))
	for _, language := range languages {
		if says := wordsOf(t, language)["reason.mostly-text"]; len(bound) != 1 || !strings.Contains(says, bound[0]+"0 %") {
			t.Errorf("%s: %q does not say the bound %v", language, says, bound)
		}
	}
}

func TestPageNeedsNothingThatItsPolicyForbids(t *testing.T) {
	forbidden := map[string]string{
		`https?://|["'(]//`:            "an address elsewhere",
		`(?i)\sstyle="`:                "an inline style",
		`(?i)<style`:                   "an inline style sheet",
		`(?i)<[^>]+\son\w+="`:          "an inline listener",
		`(?i)<script(?:\s[^>]*)?>[^<]`: "an inline script",
		`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(`: "text taken as markup or code",
		`document\.title|console\.|sessionStorage`:                        "a place where data would stay",
	}
	for name, text := range sources(t) {
		for pattern, what := range forbidden {
			if found := regexp.MustCompile(pattern).FindString(text); found != "" {
				t.Errorf("%s has %s: %q", name, what, found)
			}
		}
	}
}

func TestEveryModuleIsThereAndUsed(t *testing.T) {
	files := sources(t)
	seen := map[string]bool{}
	var walk func(name string)
	walk = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		if files[name] == "" {
			t.Errorf("module %s is missing", name)
		}
		for _, next := range matches(`from "\./([^"]+)"`, files[name]) {
			walk(next)
		}
	}
	for _, entry := range matches(`src="([^"]+\.js)"`, files["index.html"]) {
		walk(entry)
	}
	for name := range files {
		if filepath.Ext(name) == ".js" && !seen[name] {
			t.Errorf("nothing imports %s", name)
		}
	}
}
