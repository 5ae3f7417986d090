package serve

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/way"
)

// neck is an invented examination; people who have it look alike but for what edit
// says.
func (g *rig) neck(t *testing.T, person sinso.PersonID, n int, procedure string) sinso.StudyID {
	t.Helper()
	var ds dicom.Dataset
	for tag, text := range map[dicom.Tag]string{
		0x00080016: "1.2.840.10008.5.1.4.1.1.2", 0x00080018: fmt.Sprint("2.25.70", n), 0x0020000D: fmt.Sprint("2.25.71", n), 0x0020000E: fmt.Sprint("2.25.72", n),
		0x00080060: "CT", 0x00100010: fmt.Sprint("DOE^", n), 0x00100020: fmt.Sprint("MRN-", n), 0x00100040: "F", 0x00101010: "045Y", 0x00081030: procedure,
	} {
		attribute, _ := dicom.Lookup(tag)
		ds.SetString(tag, attribute.VRs[0], text)
	}
	file := must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, ds))
	return must[way.ImportResult](t)(g.way.Import(t.Context(), source([][]byte{file}), way.ImportOptions{Actor: "test", Person: person})).Studies[0]
}

func (g *rig) risk(t *testing.T, role string, study sinso.StudyID) way.RiskReport {
	t.Helper()
	var out way.RiskReport
	if err := json.Unmarshal(g.want(t, 200, role, "GET", api+"/studies/"+string(study)+"/risk", "").body, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestRiskTellsAPersonOfNobodyElse files an invented study that looks like one of
// another person: its owner is told the same whether one other person has it, two or
// none, and those who treat are told how many.
func TestRiskTellsAPersonOfNobodyElse(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	probe, alone := g.neck(t, g.a, 1, "Neck"), g.neck(t, g.a, 2, "Heart")
	told := func(role string, study sinso.StudyID) string {
		t.Helper()
		return string(must[[]byte](t)(json.Marshal(g.risk(t, role, study))))
	}
	unlike := told("owner", alone)
	for n := range 3 {
		if got := told("owner", probe); got != unlike {
			t.Errorf("with %d others the owner is told\n%s, want\n%s", n, got, unlike)
		}
		if got := g.risk(t, "clinician", probe); got.K != uint64(n)+1 || !got.Exact {
			t.Errorf("with %d others a clinician is told %d", n, got.K)
		}
		other := must[sinso.PersonID](t)(g.way.CreatePerson(t.Context(), "test", "", fmt.Sprint("DOE^", n)))
		g.neck(t, other, 10+n, "Neck")
	}
	got := g.risk(t, "owner", probe)
	if got.K != 0 || got.Exact || !got.Enough || !strings.HasPrefix(got.Says[0], "Fewer than 5 people") {
		t.Errorf("the owner is told %+v", got)
	}
	g.neck(t, must[sinso.PersonID](t)(g.way.CreatePerson(t.Context(), "test", "", "DOE^LAST")), 20, "Neck")
	if got := g.risk(t, "owner", probe); got.K != 5 || !strings.HasPrefix(got.Says[0], "At least 5 people") {
		t.Errorf("of five the owner is told %d, %q", got.K, got.Says[0])
	}
	for _, query := range []string{"?profile=none", "?profile=registry"} {
		g.want(t, 400, "clinician", "GET", api+"/studies/"+string(probe)+"/risk"+query, "")
	}
}

// TestRiskOfAReleaseIsTold: what was counted when a copy was made is with it, exact to
// those who treat, in steps to its owner and to the operator, and to nobody else.
func TestRiskOfAReleaseIsTold(t *testing.T) {
	t.Parallel()
	g := newRig(t)
	sold := g.sale(t)
	for role, exact := range map[string]bool{"owner": false, "operator": false, "clinician": true, "local": true} {
		var got asset
		body := g.want(t, 200, role, "GET", api+"/assets/"+sold.release, "").body
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatal(err)
		}
		switch {
		case got.Risk == nil:
			t.Errorf("%s is told nothing: %s", role, body)
		case got.Risk.Exact != exact, exact && got.Risk.K == 0, !exact && got.Risk.K != 0:
			t.Errorf("%s is told %d, exact %v", role, got.Risk.K, got.Risk.Exact)
		case len(got.Risk.Shown) == 0 || len(got.Risk.Says) == 0:
			t.Errorf("%s is not told what is shown: %+v", role, got.Risk)
		}
	}
	if strings.Contains(sold.offer, `"risk"`) {
		t.Error("the offer tells it to buyers")
	}
	for _, role := range []string{"other", "buyer", "auditor", "member"} {
		g.want(t, 404, role, "GET", api+"/assets/"+sold.release, "")
	}
}
