package serve

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sinso.dev/sinso"
)

// wanted is a release with a co-creator.
func wanted(study sinso.StudyID, author sinso.PersonID, role string, bps int, more string) string {
	return fmt.Sprintf(`{"study":%q,"priceWei":"1001","author":{"person":%q,"role":%q,"work":"measurement","bps":%d%s}}`, study, author, role, bps, more)
}

// ask lets a person ask another to be a co-creator, and returns the release.
func (g *rig) ask(t *testing.T, role string, study sinso.StudyID, author sinso.PersonID) string {
	t.Helper()
	return g.want(t, 200, role, "POST", api+"/assets", wanted(study, author, "doctor", 2500, "")).field(t, "id")
}

// TestCoCreatorAgreesBeforeAnythingIsMade: the release waits, the co-creator alone sees
// and answers, and is not told whose it is; then it is made with their share in it.
func TestCoCreatorAgreesBeforeAnythingIsMade(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	asset := g.want(t, 200, "owner", "POST", api+"/assets", wanted(g.study, g.b, "doctor", 2500, ""))
	if asset.field(t, "state") != "awaiting" || !strings.Contains(string(asset.body), `"token":""`) || !strings.Contains(string(asset.body), `"split":[]`) || !strings.Contains(string(asset.body), `"bps":2500`) {
		t.Fatalf("got %s", asset.body)
	}
	path := api + "/asks/" + asset.field(t, "id")
	if mine := g.want(t, 200, "owner", "GET", api+"/asks", "").items(t); len(mine) != 0 {
		t.Errorf("the owner is asked: %v", mine)
	}
	answer := g.want(t, 200, "other", "GET", api+"/asks", "")
	var seen struct {
		Items []asked `json:"items"`
	}
	if err := json.Unmarshal(answer.body, &seen); err != nil || len(seen.Items) != 1 {
		t.Fatalf("%v: %s", err, answer.body)
	}
	if one := seen.Items[0]; one.Share.String() != "250" || one.Records != 3 || one.Modalities[0] != "CT" || one.Accepted != nil || one.Paid.String() != "0" {
		t.Errorf("got %+v", one)
	}
	for _, secret := range []string{string(g.a), string(g.study), "DOE", "PHANTOM"} {
		if strings.Contains(string(answer.body), secret) {
			t.Errorf("the co-creator is told %q: %s", secret, answer.body)
		}
	}
	g.want(t, 404, "owner", "POST", path, `{"accept":true}`) // nobody agrees for another
	if got := g.want(t, 200, "other", "POST", path, `{"accept":true}`); got.field(t, "state") != "registered" || got.field(t, "accepted") == "" {
		t.Errorf("got %s", got.body)
	}
	made := g.want(t, 200, "owner", "GET", api+"/assets/"+asset.field(t, "id"), "")
	if made.field(t, "order") == "" || !strings.Contains(string(made.body), `"role":"doctor"`) {
		t.Errorf("got %s", made.body)
	}
	g.want(t, 200, "other", "POST", path, `{"accept":true}`)  // again
	g.want(t, 409, "other", "POST", path, `{"accept":false}`) // too late
	g.want(t, 409, "owner", "DELETE", api+"/assets/"+asset.field(t, "id"), "")
	told := g.want(t, 200, "owner", "GET", api+"/audit?subject="+asset.field(t, "id"), "")
	if !strings.Contains(string(told.body), `"author-accepted"`) {
		t.Errorf("the owner's log: %s", told.body)
	}
}

// TestOwnerGoesOnWithout: after a no, and after it was called off, the same study is
// offered without a co-creator.
func TestOwnerGoesOnWithout(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	first := g.ask(t, "owner", g.study, g.b)
	g.want(t, 409, "owner", "POST", api+"/assets", fmt.Sprintf(`{"study":%q,"priceWei":"1001"}`, g.study)) // it waits
	if got := g.want(t, 200, "other", "POST", api+"/asks/"+first, `{"accept":false}`); got.field(t, "state") != "refused" || got.field(t, "reason") != "author-declined" {
		t.Errorf("got %s", got.body)
	}
	g.want(t, 409, "other", "POST", api+"/asks/"+first, `{"accept":true}`)
	second := g.ask(t, "owner", g.study, g.b)
	if got := g.want(t, 200, "owner", "DELETE", api+"/assets/"+second, ""); got.field(t, "reason") != "called-off" {
		t.Errorf("got %s", got.body)
	}
	alone := g.want(t, 200, "owner", "POST", api+"/assets", fmt.Sprintf(`{"study":%q,"priceWei":"1001"}`, g.study))
	if alone.field(t, "state") != "registered" || first == second || alone.field(t, "id") == second {
		t.Errorf("got %s", alone.body)
	}
}

// TestNobodyFindsOutWhomTheNodeKnows: who is asked, known or not, is answered alike; who
// agrees in another's name must be one who decides for them.
func TestNobodyFindsOutWhomTheNodeKnows(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	nobody := sinso.PersonID("p_" + strings.Repeat("a", 26))
	known := g.want(t, 404, "owner", "POST", api+"/assets", wanted(g.study, g.b, "doctor", 1000, `,"accept":true`))
	unknown := g.want(t, 404, "owner", "POST", api+"/assets", wanted(g.study, nobody, "doctor", 1000, `,"accept":true`))
	if string(known.body) != string(unknown.body) {
		t.Errorf("told apart: %s%s", known.body, unknown.body)
	}
	for what, body := range map[string]string{
		"themselves":   wanted(g.study, g.a, "doctor", 1000, ""),
		"their role":   wanted(g.study, g.b, "patient", 1000, ""),
		"a long role":  wanted(g.study, g.b, marker, 1000, ""),
		"all of it":    wanted(g.study, g.b, "doctor", 10_000, ""),
		"nothing":      wanted(g.study, g.b, "doctor", 0, ""),
		"who is no id": wanted(g.study, marker, "doctor", 1000, ""),
	} {
		if got := g.do(t, "owner", "POST", api+"/assets", body); got.StatusCode != 400 {
			t.Errorf("%s: got %d %s", what, got.StatusCode, got.body)
		}
	}
	if releases := must[[]sinso.ReleaseRow](t)(g.way.Releases(t.Context(), g.a)); len(releases) > 0 {
		t.Fatalf("got %d releases, want none begun", len(releases))
	}
	waits := g.want(t, 200, "owner", "POST", api+"/assets", wanted(g.study, nobody, "doctor", 1000, ""))
	if waits.field(t, "state") != "awaiting" {
		t.Errorf("got %s", waits.body)
	}
	asked := g.ask(t, "other", g.other, g.a)
	if got := g.want(t, 200, "local", "POST", api+"/asks/"+asked, `{"accept":true}`); !strings.Contains(string(got.body), `"forAuthor":true`) {
		t.Errorf("the keeper's answer is told as the co-creator's: %s", got.body)
	}
	sold := g.want(t, 200, "local", "POST", api+"/assets", wanted(g.other, g.a, "doctor", 1000, `,"accept":true`))
	if sold.field(t, "state") != "registered" || !strings.Contains(string(sold.body), `"forAuthor":true`) {
		t.Errorf("the keeper agrees in their name: %s", sold.body)
	}
}

// TestAsksAreBounded: of too many, those go first that ended, the oldest before others.
func TestAsksAreBounded(t *testing.T) {
	t.Parallel()
	var rows []sinso.ReleaseRow
	for n := range maxAsks + 3 {
		rows = append(rows, sinso.ReleaseRow{Seq: uint64(n), State: sinso.ReleaseIsAwaiting})
	}
	rows[7].State, rows[9].State, rows[maxAsks].State = sinso.ReleaseIsRefused, sinso.ReleaseIsRegistered, sinso.ReleaseIsRefused
	got := fewer(rows)
	if len(got) != maxAsks || got[0].Seq != 1 || got[maxAsks-1].Seq != maxAsks+2 || got[7].State != sinso.ReleaseIsRegistered {
		t.Errorf("%d are listed, from %d to %d", len(got), got[0].Seq, got[len(got)-1].Seq)
	}
	if all := fewer(got); len(all) != maxAsks {
		t.Errorf("of as many as may be %d are listed", len(all))
	}
}
