package prose

import (
	"strings"
	"testing"
	"time"
)

// long is a text of some bytes that is made of all the texts of the tests.
func long(bytes int) string {
	var b strings.Builder
	for b.Len() < bytes {
		for _, tt := range plantedTexts {
			b.WriteString(tt.text + "\n")
		}
		for _, text := range cleanTexts {
			b.WriteString(text + "\n")
		}
	}
	return b.String()[:bytes]
}

func BenchmarkDescription(b *testing.B) {
	c := New(Known{Names: []string{"Okonkwo^Chidi"}, IDs: []string{"PAT-00417"}, Dates: []string{"19561112"}})
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		c.Clean(cleanTexts[n%len(cleanTexts)])
		n++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "texts/s")
}

func BenchmarkReport(b *testing.B) {
	c := New(Known{Names: []string{"Okonkwo^Chidi"}, IDs: []string{"PAT-00417"}, Dates: []string{"19561112"}})
	text := long(1 << 20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		c.Clean(text)
	}
}

func BenchmarkNew(b *testing.B) {
	known := Known{
		Names:  []string{"Okonkwo^Chidi^B", "Head^Rose=高^明", "Dr. Grant Young"},
		IDs:    []string{"PAT-00417", "ACC778812", "+1 617 555 0188", "12 High Street, Springfield"},
		Dates:  []string{"19561112", "20240305"},
		Places: []string{"Springfield General Hospital", "Radiology"},
	}
	b.ReportAllocs()
	for b.Loop() {
		New(known)
	}
}

// TestTimeIsLinear cleans texts that are made to be slow: none may take much longer
// than a plain one of the same length does on the same machine. Time that grows
// with the square of the length is a thousand times as long.
func TestTimeIsLinear(t *testing.T) {
	c := New(Known{Names: []string{strings.Repeat("a", 200), "aaaaaab", "Head^Rose=高^明"}, IDs: []string{"1111111111111111"}})
	const size, factor = 1 << 16, 200
	clean := func(piece string) time.Duration {
		text := strings.Repeat(piece, size/len(piece))
		start := time.Now()
		check(t, c, text)
		return time.Since(start)
	}
	plain := max(clean("chest CT, 5 mm "), clean("chest CT, 5 mm "), 10*time.Millisecond)
	for _, piece := range []string{
		"a", "aA", "1", "1 ", "1.", "1-", "1/", "A^", "高", "高明", "医院", "九", "王", ". ", "Dr ", "Dr. A", "May ", "St ", "' ", "-", "_", "\n", "@", "a@", ".com", "cardio", "Long ", "(", "1:",
		"of ", "Hospital ", "General ", "Hospital of ", "1 High ", "Street ", "\u200b", "é", "ﷺ", "\xff", "カ", "Baker's ", "a1", "1年", "肝", "患者", "肝医院", "no. ", "&a;", "&", "a%2", "dot com ", "Name\n", "Name:\n", "\r\n", "Name\\b", "<b>", "|A", `a\ `, "高 ", "二o", "2019\n", "1\n", "May the ", "V.1.", "94 ", "Patient: ", "a1b2-", "x ", "1x",
	} {
		if took := clean(piece); took > factor*plain {
			t.Errorf("%d bytes of %q took %v, plain text %v", size, piece, took, plain)
		}
	}
}
