// Package coding tells which content codings a caller takes (RFC 9110 §8.4, §12.5.3).
package coding

import (
	"net/http"
	"strings"
)

// Gzip reports whether the headers of a request say that gzip may be sent.
func Gzip(h http.Header) bool {
	for one := range strings.SplitSeq(strings.Join(h.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(one, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			weight = strings.ReplaceAll(weight, " ", "")
			return weight == "" || strings.Trim(strings.TrimPrefix(weight, "q="), "0.") != ""
		}
	}
	return false
}
