package serve

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestNobodyHasTheNodeSign: who is signed in may ask what is public, and have nothing done
// or signed in the node's name.
func TestNobodyHasTheNodeSign(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	hash := "0x" + strings.Repeat("00", 31) + "01"
	agree := fmt.Sprintf(`{"given":{"pool":[%q],"token":[%q],"weight":["1"],"until":["2100-01-01T00:00:00Z"]}}`, hash, hash)
	for _, who := range []string{"owner", "buyer", "operator"} {
		g.want(t, 403, who, "POST", api+"/acts/stake/agree", agree)
		g.want(t, 403, who, "POST", api+"/acts/dividend/reclaim", fmt.Sprintf(`{"given":{"pool":[%q]},"id":%q}`, hash, hash))
	}
	// The rig's chain has no such contracts: it was let through that far.
	g.want(t, 503, "owner", "POST", api+"/acts/stake/pools", `{"given":{}}`)
}

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
