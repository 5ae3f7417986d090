package serve

import (
	"net/http"
	"testing"
)

// TestOnlyKeepersHaveTheNodeSign asks by acts in the node's own name: what the chain shows anyone
// may ask, and what the node signs nobody who comes by the network.
func TestOnlyKeepersHaveTheNodeSign(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	for role := range g.token {
		if role == "guest" {
			continue // its token is not known
		}
		for verb, body := range map[string]string{
			"admit": `{"given":{"application":["{}"]}}`,
			"offer": `{"given":{"at":["0x0000000000000000000000000000000000000001"],"member":["0x0000000000000000000000000000000000000002"],"subject":["0x0000000000000000000000000000000000000000000000000000000000000003"],"shares":["4"]}}`,
		} {
			g.want(t, http.StatusForbidden, role, "POST", "/api/v1/acts/company/"+verb, body)
		}
	}
}
