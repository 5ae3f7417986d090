package coding

import (
	"net/http"
	"testing"
)

func TestGzip(t *testing.T) {
	for said, want := range map[string]bool{
		"":                      false,
		"gzip":                  true,
		"br, GZIP;q=0.5":        true,
		"gzip;q=0":              false,
		"gzip; q=0.000":         false,
		"identity, deflate":     false,
		"x-gzip":                false,
		"*":                     false, // may be sent; who wants it names it
		"deflate;q=1, gzip;q=1": true,
	} {
		if got := Gzip(http.Header{"Accept-Encoding": {said}}); got != want {
			t.Errorf("%q: %v, want %v", said, got, want)
		}
	}
	if !Gzip(http.Header{"Accept-Encoding": {"br", "gzip"}}) {
		t.Error("two headers are one list")
	}
}
