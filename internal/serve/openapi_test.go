package serve

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the committed description of the API")

// TestDescriptionIsAsCommitted: the page's types are generated from the file.
func TestDescriptionIsAsCommitted(t *testing.T) {
	t.Parallel()
	const committed = "../../web/openapi.json"
	compact, err := describe((&Server{}).routes(), "v1")
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := json.Indent(&want, compact, "", " "); err != nil {
		t.Fatal(err)
	}
	want.WriteByte('\n')
	if *update {
		if err := os.WriteFile(committed, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(committed)
	if err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Fatalf("web/openapi.json is not what the routes say (%v); run make generate", err)
	}
}
