package web_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sinso.dev/sinso/web"
)

var languages = []string{"en", "zh"}

func wordsOf(t *testing.T, language string) map[string]string {
	t.Helper()
	text, err := os.ReadFile("src/words/" + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]string
	if err := json.Unmarshal(text, &words); err != nil {
		t.Fatalf("%s: %v", language, err)
	}
	return words
}

// read returns the files of a folder by name: those with one of the endings.
func read(t *testing.T, files fs.FS, endings ...string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !slices.Contains(endings, path.Ext(name)) {
			return err
		}
		content, err := fs.ReadFile(files, name)
		found[name] = string(content)
		return err
	})
	if err != nil || len(found) < 3 {
		t.Fatalf("got %d files, error %v", len(found), err)
	}
	return found
}

// sources returns the page's code by file name, without its tests.
func sources(t *testing.T) map[string]string {
	t.Helper()
	found := read(t, os.DirFS("src"), ".ts", ".tsx", ".css")
	maps.DeleteFunc(found, func(name, _ string) bool { return strings.Contains(path.Base(name), ".test.") })
	index, err := os.ReadFile("index.html")
	if err != nil {
		t.Fatal(err)
	}
	found["index.html"] = string(index)
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

func placeholders(text string) []string {
	found := matches(`\{(\w+)\}`, text)
	slices.Sort(found)
	return slices.Compact(found)
}

// forms are the plural categories of each language (CLDR), as far as whole numbers have them.
var forms = map[string][]string{"en": {"one", "other"}, "zh": {"other"}}

var anyForm = regexp.MustCompile(`\.(?:zero|one|two|few|many|other)$`)

// stem is the key that code asks for: "k" of the form "k.one", if k has forms.
func stem(words map[string]string, key string) string {
	if base := anyForm.ReplaceAllString(key, ""); words[base+".other"] != "" {
		return base
	}
	return key
}

// meanings returns the words of a language by the key that code asks for; of a counted
// text those of its form for many, which every language has.
func meanings(t *testing.T, language string) map[string]string {
	t.Helper()
	words, found := wordsOf(t, language), map[string]string{}
	for key, text := range words {
		if base := stem(words, key); base == key || key == base+".other" {
			found[base] = text
		}
	}
	return found
}

func TestLanguagesHaveTheSameKeysAndValues(t *testing.T) {
	for _, one := range languages {
		for _, other := range languages {
			theirs := meanings(t, other)
			for key, text := range meanings(t, one) {
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

// TestCountedWordsHaveEveryFormOfTheirLanguage and no other, all with the same {values}.
func TestCountedWordsHaveEveryFormOfTheirLanguage(t *testing.T) {
	for _, language := range languages {
		words, counted := wordsOf(t, language), 0
		for key := range words {
			base := stem(words, key)
			if base == key {
				continue
			}
			counted++
			if !slices.Contains(forms[language], strings.TrimPrefix(key, base+".")) {
				t.Errorf("%s: %q is no form of that language", language, key)
			}
			for _, form := range forms[language] {
				if !slices.Equal(placeholders(words[base+"."+form]), placeholders(words[key])) || !slices.Contains(placeholders(words[key]), "n") {
					t.Errorf("%s: %q and %q do not have the same {values}, {n} among them", language, key, base+"."+form)
				}
			}
		}
		if counted == 0 {
			t.Errorf("%s: no counted words found", language)
		}
	}
}

// keysUsed returns the whole keys that the code asks for, and the beginnings of
// those that it puts together. Every string that looks like a key of a set that has
// words is one: keys are chosen by conditions, and kept in tables.
func keysUsed(t *testing.T) (keys, prefixes []string) {
	t.Helper()
	sets := map[string]bool{}
	for key := range wordsOf(t, "en") {
		set, _, _ := strings.Cut(key, ".")
		sets[set] = true
	}
	for name, text := range sources(t) {
		if path.Ext(name) != ".ts" && path.Ext(name) != ".tsx" {
			continue
		}
		keys = append(keys, matches(`\bt\(\s*"([^"]+)"`, text)...)
		for _, key := range matches(`"(\w+\.[\w.-]+)"`, text) {
			if set, _, _ := strings.Cut(key, "."); sets[set] && !strings.Contains(text, `ord("`+key+`"`) {
				keys = append(keys, key) // and no set of codes
			}
		}
		prefixes = append(prefixes, matches("\\bt\\(\\s*`([\\w.]+\\.)\\$\\{", text)...)
		for _, set := range matches(`\b(?:word|hasWord)\("([^"]+)"`, text) {
			prefixes = append(prefixes, set+".")
		}
	}
	return keys, prefixes
}

func TestEveryKeyInUseHasWordsAndNoOtherHas(t *testing.T) {
	keys, prefixes := keysUsed(t)
	words := meanings(t, "en")
	if len(keys) < 100 || len(prefixes) < 10 {
		t.Fatalf("got %d keys and %d prefixes: the code is not read", len(keys), len(prefixes))
	}
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
	for _, prefix := range prefixes {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(words)), func(key string) bool { return strings.HasPrefix(key, prefix) }) {
			t.Errorf("the page uses keys of %q, which has none", prefix)
		}
	}
}

// TestEveryCodeOfTheNodeHasWords reads the codes from where they are defined, so
// that a new event or reason without a translation is seen here.
func TestEveryCodeOfTheNodeHasWords(t *testing.T) {
	words := meanings(t, "en")
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
		"purposes": {"../share.go", `SharePurpose = "(\w+)"`, []string{"share.purpose."}},
		"licences": {"../licence.go", `\sPurpose = "([\w-]+)"`, []string{"licence.purpose.", "sell.terms.purpose."}},
		"uses":     {"../licence.go", `\sUse = "(\w+)"`, []string{"licence.use.", "licence.not.", "sell.terms.use."}},
		"shares":   {"../share.go", `ShareState = "(\w+)"`, []string{"share.state."}},
		"ends":     {"../share.go", `ShareEnd = "(\w+)"`, []string{"share.why."}},
		"outcomes": {"../internal/way/import.go", "\\sint +`json:\"([a-oq-z]\\w+)\"`", []string{"upload.count."}}, // of files: patients are no outcome
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

// forbidden is what the page's policy does not let in, or what would keep data.
var forbidden = map[string]string{
	`(?i)\sstyle="`:                "an inline style",
	`(?i)<style`:                   "an inline style sheet",
	`(?i)<[^>]+\son\w+="`:          "an inline listener",
	`(?i)<script(?:\s[^>]*)?>[^<]`: "an inline script",
}

func TestPageNeedsNothingThatItsPolicyForbids(t *testing.T) {
	patterns := maps.Clone(forbidden)
	patterns[`https?://|["'(]//`] = "an address elsewhere"
	patterns[`innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|\beval\(|\bnew Function\b`] = "text taken as markup or code"
	patterns[`document\.title|console\.|sessionStorage`] = "a place where data would stay"
	for name, text := range sources(t) {
		if name == "app/title.ts" { // which takes the key of words, and no text
			text = strings.Replace(text, "document.title = `${t(key)} · SINSO`", "", 1)
		}
		for pattern, what := range patterns {
			if found := regexp.MustCompile(pattern).FindString(text); found != "" {
				t.Errorf("%s has %s: %q", name, what, found)
			}
		}
	}
}

// mentioned are the addresses in libraries that name something and are never asked:
// namespaces of XML, and the page on which React explains its errors.
var mentioned = []string{
	"http://www.w3.org/1998/Math/MathML",
	"http://www.w3.org/1999/xhtml",
	"http://www.w3.org/1999/xlink",
	"http://www.w3.org/2000/svg",
	"http://www.w3.org/XML/1998/namespace",
	"https://react.dev/errors/",
}

// TestBuiltPageAsksNobodyElse reads what is embedded, libraries and all.
func TestBuiltPageAsksNobodyElse(t *testing.T) {
	address := regexp.MustCompile("(?:https?|wss?)://[^\\s\"'`<>)]*")
	for name, text := range read(t, web.Files(), ".js", ".html", ".css", ".svg", ".webmanifest") {
		for _, found := range address.FindAllString(text, -1) {
			if !slices.Contains(mentioned, found) {
				t.Errorf("%s has an address elsewhere: %q", name, found)
			}
		}
		if path.Ext(name) != ".html" {
			continue
		}
		for pattern, what := range forbidden {
			if found := regexp.MustCompile(pattern).FindString(text); found != "" {
				t.Errorf("%s has %s: %q", name, what, found)
			}
		}
	}
}

// TestEveryBuiltFileIsReached from index.html: what an earlier build left is not embedded.
func TestEveryBuiltFileIsReached(t *testing.T) {
	files := read(t, web.Files(), ".js", ".css", ".html")
	seen := map[string]bool{}
	var walk func(name string)
	walk = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		for _, other := range matches("[\"'`/]([^\"'`/]+[.](?:js|css|html))[\"'`]", files[name]) {
			if _, ok := files[path.Join(path.Dir(name), other)]; ok {
				walk(path.Join(path.Dir(name), other))
			}
		}
	}
	walk("index.html")
	for name := range files {
		if !seen[name] {
			t.Errorf("nothing asks for %s", name)
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
		for _, next := range matches(`(?:from |import |import\()"(\.[^"]+)"`, files[name]) {
			if found, ok := resolve(files, path.Join(path.Dir(name), next)); ok {
				walk(found)
			} else if path.Ext(next) != ".json" {
				t.Errorf("%s imports %s, which is missing", name, next)
			}
		}
	}
	for _, entry := range matches(`src="/src/([^"]+)"`, files["index.html"]) {
		walk(entry)
	}
	for name := range files {
		if name != "index.html" && !strings.HasSuffix(name, ".d.ts") && !seen[name] {
			t.Errorf("nothing imports %s", name)
		}
	}
}

// resolve finds the file of a module that is imported without its ending.
func resolve(files map[string]string, module string) (string, bool) {
	for _, ending := range []string{"", ".ts", ".tsx"} {
		if _, ok := files[module+ending]; ok {
			return module + ending, true
		}
	}
	return "", false
}
