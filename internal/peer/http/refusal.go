package peerhttp

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode"

	"sinso.dev/sinso"
)

const (
	maxProblem = 16 << 10 // bytes read of a refusal
	maxReason  = 200      // characters kept of a peer's reason
)

// classes are the words of member "class" of a problem (docs/formats.md,
// "problem").
var classes = map[string]error{
	"invalid": sinso.ErrInvalid, "not-found": sinso.ErrNotFound, "exists": sinso.ErrExists,
	"denied": sinso.ErrDenied, "corrupt": sinso.ErrCorrupt, "busy": sinso.ErrBusy,
	"unavailable": sinso.ErrUnavailable, "unsupported": sinso.ErrUnsupported,
}

// statuses serve peers that say no class, such as other gateways.
var statuses = map[int]error{
	http.StatusBadRequest: sinso.ErrInvalid, http.StatusUnprocessableEntity: sinso.ErrInvalid,
	http.StatusUnauthorized: sinso.ErrDenied, http.StatusForbidden: sinso.ErrDenied,
	http.StatusNotFound: sinso.ErrNotFound, http.StatusGone: sinso.ErrNotFound,
	http.StatusConflict: sinso.ErrExists, http.StatusTooManyRequests: sinso.ErrBusy,
	http.StatusInternalServerError: sinso.ErrUnavailable,
	http.StatusBadGateway:          sinso.ErrUnavailable, http.StatusServiceUnavailable: sinso.ErrUnavailable,
	http.StatusGatewayTimeout: sinso.ErrUnavailable, http.StatusNotImplemented: sinso.ErrUnsupported,
}

// refusal turns an answer that is not 200 into an error of its class, with the
// peer's reason. A redirect, or anything else that a peer should not answer, is
// ErrCorrupt: asking again would change nothing.
func refusal(response *http.Response) error {
	var problem struct {
		Class  string `json:"class"`
		Detail string `json:"detail"`
	}
	b, err := io.ReadAll(io.LimitReader(response.Body, maxProblem))
	if err == nil && response.StatusCode >= http.StatusBadRequest {
		_ = json.Unmarshal(b, &problem) // not a problem: the status alone speaks
	}
	class, known := classes[problem.Class]
	if !known {
		class, known = statuses[response.StatusCode]
	}
	if !known {
		class = sinso.ErrCorrupt
	}
	if why := printable(problem.Detail); why != "" {
		return fmt.Errorf("the peer answers %d %q: %w", response.StatusCode, why, class)
	}
	return fmt.Errorf("the peer answers %d: %w", response.StatusCode, class)
}

// printable makes a stranger's text fit for a terminal and a log: printable
// characters on one line, cut.
func printable(text string) string {
	var out strings.Builder
	n := 0
	for _, r := range text {
		if n++; n > maxReason {
			out.WriteString("…")
			break
		}
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			r = ' '
		}
		out.WriteRune(r)
	}
	return strings.TrimSpace(out.String())
}
