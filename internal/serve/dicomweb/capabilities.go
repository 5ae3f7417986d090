package dicomweb

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// capability is one route in the list of capabilities.
type capability struct {
	Path    string   `json:"path"` // behind the base, with {names}
	Methods []string `json:"methods"`
	Does    string   `json:"does"`
}

// capabilities lists what this door does (PS3.18 §8.9), as JSON.
func (c *call) capabilities() error {
	wishes, err := c.wishes()
	if err != nil {
		return err
	}
	if first(wishes, plainJSON, jsonType) == "" {
		return notAcceptable("capabilities are given out as application/json")
	}
	var list []capability
	for _, rt := range routes() {
		at := slices.IndexFunc(list, func(c capability) bool { return c.Path == rt.path && c.Does == rt.does })
		if at < 0 {
			list = append(list, capability{Path: rt.path, Does: rt.does})
			at = len(list) - 1
		}
		list[at].Methods = append(list[at].Methods, rt.method)
	}
	slices.SortStableFunc(list, func(a, b capability) int { return strings.Compare(a.Path, b.Path) })
	body, err := json.Marshal(map[string]any{"base": c.base(), "routes": list})
	if err != nil {
		return fmt.Errorf("dicomweb: capabilities: %w", err)
	}
	c.w.Header().Set("Allow", "GET, OPTIONS")
	return c.reply(http.StatusOK, plainJSON, append(body, '\n'))
}
