package node

import (
	"context"
	"errors"
	"strings"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/ingest"
	"sinso.dev/sinso/internal/way"
)

// grown imports slices of a chest of eight, up to one: of the same study, grown.
func grown(ctx context.Context, n *Node, upTo int) error {
	_, err := n.Import(ctx, func(_ context.Context, fn func(ingest.Found) error) error {
		count := 0
		return phantom.Series(phantom.Options{Slices: 8, Rows: 32, Columns: 32}, func(name string, part10 []byte) error {
			if count++; count > upTo {
				return nil
			}
			return fn(ingest.Found{Item: sinso.Item{Bytes: part10, Name: sinso.NewPHI(name)}})
		})
	}, ImportOptions{Actor: "test"})
	return err
}

// mintTown is a town with one study that nothing was made of.
func mintTown(t *testing.T) (*town, sinso.StudyID) {
	t.Helper()
	tn := &town{dir: t.TempDir(), clock: wall{}}
	t.Cleanup(func() {
		if err := tn.close(); err != nil {
			t.Error(err)
		}
	})
	if err := tn.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := grown(t.Context(), tn.seller, 4); err != nil {
		t.Fatal(err)
	}
	studies, err := tn.seller.Studies(t.Context(), "")
	if err != nil || len(studies) != 1 {
		t.Fatalf("%d studies, %v", len(studies), err)
	}
	return tn, studies[0].ID
}

// TestAMintedAssetIsOnTheChainAndNotOffered: once, by whatever name, and offered when a price is named.
func TestAMintedAssetIsOnTheChainAndNotOffered(t *testing.T) {
	t.Parallel()
	tn, study := mintTown(t)
	ctx, n := t.Context(), tn.seller
	before := len(mustReleases(t, n))
	plan, err := n.PlanMint(ctx, string(study), ReleaseOptions{})
	if err != nil || !plan.AtLeast || len(plan.Steps) != 2 || len(mustReleases(t, n)) != before {
		t.Fatalf("the plan: %+v, %v, %d releases", plan, err, len(mustReleases(t, n)))
	}
	made, err := n.Mint(ctx, string(study), ReleaseOptions{Actor: "test"})
	if err != nil || made.State != sinso.ReleaseIsRegistered || made.Gas == 0 || made.Fee.Int().Sign() <= 0 || made.Contract != n.Chain.Contracts().Assets {
		t.Fatalf("got %+v, %v", made, err)
	}
	if owner, err := n.Chain.Owner(ctx, made.Token); err != nil || owner != made.Owner {
		t.Errorf("its owner is %s, %v, want %s", owner, err, made.Owner)
	}
	for _, name := range []string{string(study), string(made.Release), made.Token.String()} {
		again, err := n.Mint(ctx, name, ReleaseOptions{Actor: "test"})
		if err != nil || again.Token != made.Token || again.Tx != made.Tx || again.Fee.Int().Sign() != 0 {
			t.Errorf("%s again: %+v, %v", name, again, err)
		}
		plan, err := n.PlanMint(ctx, name, ReleaseOptions{})
		if err != nil || len(plan.Steps) != 0 {
			t.Errorf("the plan of %s again: %+v, %v", name, plan, err)
		}
	}
	if err := n.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	if orders, err := n.Orders(ctx, ""); err != nil || len(orders) != 0 {
		t.Fatalf("%d orders, %v, want none before a price is named", len(orders), err)
	}
	if _, err := n.MakeOffer(ctx, made.Release, OfferOptions{Price: testPrice, Copies: 1, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Mint(ctx, "r_nobody", ReleaseOptions{Actor: "test"}); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("of nothing: %v", err)
	}
}

func mustReleases(t *testing.T, n *Node) []sinso.ReleaseRow {
	t.Helper()
	rows, err := n.Releases(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestADatasetGrows: what came after is a token of its own, and both ends of the line say so; once.
func TestADatasetGrows(t *testing.T) {
	t.Parallel()
	tn, study := mintTown(t)
	ctx, n := t.Context(), tn.seller
	first, err := n.Mint(ctx, string(study), ReleaseOptions{Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Version(ctx, string(first.Release), "", "test"); !errors.Is(err, sinso.ErrExists) || !strings.Contains(err.Error(), "has not changed") {
		t.Fatalf("before it has grown: %v", err)
	}
	if err := grown(ctx, n, 5); err != nil {
		t.Fatal(err)
	}
	plan, err := n.PlanVersion(ctx, first.Token.String(), "")
	if err != nil || !plan.AtLeast || len(plan.Steps) != 2 {
		t.Fatalf("the plan: %+v, %v", plan, err)
	}
	second, err := n.Version(ctx, first.Token.String(), "", "test")
	if err != nil || second.State != sinso.ReleaseIsRegistered || second.Parent != first.Token || second.Token == first.Token || second.Said == nil || len(second.Said.Txs) != 1 {
		t.Fatalf("got %+v, %v", second, err)
	}
	again, err := n.Version(ctx, string(first.Release), "", "test")
	if err != nil || again.Token != second.Token || len(again.Said.Txs) != 0 {
		t.Errorf("again: %+v, %v", again, err)
	}
	if plan, err := n.PlanVersion(ctx, string(first.Release), ""); err != nil || len(plan.Steps) != 0 {
		t.Errorf("the plan again: %+v, %v", plan, err)
	}
	line := lineOf(t, n, first.Release)
	if line.Successor != second.Token || !line.NextSays || len(line.Children) != 1 || line.Parent != (sinso.TokenID{}) {
		t.Errorf("the first says %+v", line)
	}
	if line := lineOf(t, n, second.Release); line.Parent != first.Token || !line.ParentSays || line.Successor != (sinso.TokenID{}) {
		t.Errorf("the second says %+v", line)
	}
	if err := grown(ctx, n, 6); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Version(ctx, string(first.Release), "", "test"); !errors.Is(err, sinso.ErrExists) || !strings.Contains(err.Error(), "for ever") {
		t.Errorf("another after the first: %v", err)
	}
	if third, err := n.Version(ctx, string(second.Release), "", "test"); err != nil || third.Parent != second.Token {
		t.Errorf("after the second: %+v, %v", third, err)
	}
	order, err := n.MakeOffer(ctx, second.Release, OfferOptions{Price: testPrice, Copies: 1, Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if bought, err := tn.buy(ctx, order.Offer); err != nil || bought.Step != "released" {
		t.Errorf("a version is bought: %q, %v", bought.Step, err)
	}
}

func lineOf(t *testing.T, n *Node, id sinso.ReleaseID) *Lineage {
	t.Helper()
	row, err := n.ReleaseRow(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	line, err := n.Lineage(t.Context(), row, nil)
	if err != nil || line == nil {
		t.Fatalf("the line of %s: %v", id, err)
	}
	return line
}

// TestWhatHasNoVersion says why, and sends nothing.
func TestWhatHasNoVersion(t *testing.T) {
	t.Parallel()
	tn, study := mintTown(t)
	ctx, n := t.Context(), tn.seller
	draft, err := n.Draft(ctx, study, "test")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		of, next string
		class    error
	}{
		"of a draft":  {string(draft.ID), "", sinso.ErrDenied},
		"of a study":  {string(study), "", sinso.ErrDenied},
		"of nothing":  {"r_nobody", "", sinso.ErrNotFound},
		"of no token": {sinso.TokenID{7}.String(), "", sinso.ErrNotFound},
	} {
		if _, err := n.Version(ctx, tt.of, tt.next, "test"); !errors.Is(err, tt.class) {
			t.Errorf("%s: %v, want %v", name, err, tt.class)
		}
		if _, err := n.PlanVersion(ctx, tt.of, tt.next); !errors.Is(err, tt.class) {
			t.Errorf("the plan of %s: %v, want %v", name, err, tt.class)
		}
	}
	if err := grown(ctx, n, 5); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Mint(ctx, string(draft.ID), ReleaseOptions{Actor: "test"}); !errors.Is(err, sinso.ErrDenied) || !strings.Contains(err.Error(), "as it was before") {
		t.Errorf("an outdated draft: %v", err)
	}
	first, err := n.Mint(ctx, string(study), ReleaseOptions{Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	sold, err := n.Release(ctx, study, ReleaseOptions{Actor: "test", Price: testPrice})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Version(ctx, string(first.Release), string(sold.ID), "test"); !errors.Is(err, sinso.ErrDenied) || !strings.Contains(err.Error(), "both ends") {
		t.Errorf("one that went by itself: %v", err)
	}
}

// TestAStudyIsMintedByChoices: what was chosen is a release of its own, and the same again is the same.
func TestAStudyIsMintedByChoices(t *testing.T) {
	t.Parallel()
	tn, study := mintTown(t)
	ctx, n := t.Context(), tn.seller
	series, err := n.Series(ctx, study)
	if err != nil || len(series) != 1 {
		t.Fatalf("%d series, %v", len(series), err)
	}
	doctor, err := n.CreatePerson(ctx, "test", "m_doctor", "")
	if err != nil {
		t.Fatal(err)
	}
	profile := func(name string) (o ReleaseOptions) {
		if o.Profile, err = DeidProfile(name); err != nil {
			t.Fatal(err)
		}
		return o
	}
	by := func(bps uint16) ReleaseOptions {
		author := &sinso.PlannedAuthor{Person: doctor, Role: "doctor", Work: "measurement", Bps: bps}
		return ReleaseOptions{Author: author, Accepted: true}
	}
	tokens := map[sinso.TokenID]string{}
	for _, one := range []struct {
		name, given string
		o           ReleaseOptions
	}{
		{"nothing", "", ReleaseOptions{}},
		{"series", "series", ReleaseOptions{Series: []sinso.SeriesID{series[0].ID, series[0].ID}}},
		{"profile", "profile", profile("research-sale-defaced")},
		{"author", "author", by(2000)},
		{"author with another share", "author", by(3000)},
	} {
		one.o.Actor = "test"
		before := len(mustReleases(t, n))
		plan, err := n.PlanMint(ctx, string(study), one.o)
		if _, told := plan.Given[one.given]; err != nil || len(plan.Steps) == 0 || told != (one.given != "") || len(mustReleases(t, n)) != before {
			t.Fatalf("%s: the plan: %+v, %v", one.name, plan, err)
		}
		made, err := n.Mint(ctx, string(study), one.o)
		if err != nil || made.State != sinso.ReleaseIsRegistered || tokens[made.Token] != "" || made.Fee.Int().Sign() <= 0 {
			t.Fatalf("%s: got %+v, %v, as of %q", one.name, made, err, tokens[made.Token])
		}
		tokens[made.Token] = one.name
		if again, err := n.Mint(ctx, string(study), one.o); err != nil || again.Token != made.Token {
			t.Errorf("%s again: %+v, %v", one.name, again, err)
		}
		if plan, err := n.PlanMint(ctx, string(study), one.o); err != nil || len(plan.Steps) != 0 {
			t.Errorf("%s: the plan again: %+v, %v", one.name, plan, err)
		}
		row, err := n.ReleaseRow(ctx, made.Release)
		if err != nil || len(row.Asset.Split) != 1+len(row.Roles[1:]) || (row.Author != nil) != (len(row.Roles) == 2) || !row.Unoffered {
			t.Errorf("%s: got %+v, %v", one.name, row, err)
		}
	}
	if err := n.Resume(ctx, "test"); err != nil {
		t.Fatal(err)
	}
	if orders, err := n.Orders(ctx, ""); err != nil || len(orders) != 0 {
		t.Errorf("%d orders, %v, want none", len(orders), err)
	}
	whole, err := n.Mint(ctx, string(study), ReleaseOptions{Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		of    string
		o     ReleaseOptions
		class error
	}{
		"limited data":        {string(study), profile("registry"), sinso.ErrInvalid},
		"another's series":    {string(study), ReleaseOptions{Series: []sinso.SeriesID{"e_nobody"}}, sinso.ErrNotFound},
		"of a release":        {string(whole.Release), by(10), sinso.ErrInvalid},
		"a work that is none": {string(study), ReleaseOptions{Author: &sinso.PlannedAuthor{Person: doctor, Role: "doctor", Work: "sculpture", Bps: 5}}, sinso.ErrUnsupported},
	} {
		before := len(mustReleases(t, n))
		if _, err := n.Mint(ctx, tt.of, tt.o); !errors.Is(err, tt.class) || len(mustReleases(t, n)) != before {
			t.Errorf("%s: %v, want %v", name, err, tt.class)
		}
		if _, err := n.PlanMint(ctx, tt.of, tt.o); !errors.Is(err, tt.class) {
			t.Errorf("the plan of %s: %v, want %v", name, err, tt.class)
		}
	}
}

// TestACoCreatorOfAMintIsAskedFirst: nothing is made before they agree, it can be called off until then, and after that it is
// minted with them, and with them alone.
func TestACoCreatorOfAMintIsAskedFirst(t *testing.T) {
	t.Parallel()
	tn, study := mintTown(t)
	ctx, n := t.Context(), tn.seller
	doctor, err := n.CreatePerson(ctx, "test", "m_doctor", "")
	if err != nil {
		t.Fatal(err)
	}
	o := ReleaseOptions{Actor: "test", Author: &sinso.PlannedAuthor{Person: doctor, Role: "doctor", Work: "measurement", Bps: 2000}}
	asked := func() Minted {
		t.Helper()
		made, err := n.Mint(ctx, string(study), o)
		if err != nil || made.State != sinso.ReleaseIsAwaiting || made.Token != (sinso.TokenID{}) {
			t.Fatalf("got %+v, %v, want it to wait", made, err)
		}
		return made
	}
	first := asked()
	if off, err := n.CallOff(ctx, first.Release, "test", func(uint64) {}); err != nil || off.State != sinso.ReleaseIsRefused {
		t.Fatalf("called off: %s, %v", off.State, err)
	}
	second := asked()
	if again := asked(); second.Release == first.Release || again.Release != second.Release {
		t.Fatalf("asked for %s, %s and %s, want another than the first, once", first.Release, second.Release, again.Release)
	}
	row, err := n.AnswerAuthor(ctx, second.Release, way.AuthorAccepts, "doctor", nil)
	if err != nil || row.State != sinso.ReleaseIsStored || !row.Draft {
		t.Fatalf("agreed to: %+v, %v, want it made and for nobody", row, err)
	}
	whole, err := n.Mint(ctx, string(study), ReleaseOptions{Actor: "test"})
	if err != nil || whole.Release == row.ID {
		t.Fatalf("without a co-creator: %+v, %v", whole, err)
	}
	if _, err := n.Version(ctx, string(whole.Release), string(row.ID), "test"); !errors.Is(err, sinso.ErrDenied) || !strings.Contains(err.Error(), "without a parent") {
		t.Errorf("a co-creator's copy as a version: %v", err)
	}
	sold, err := n.Release(ctx, study, ReleaseOptions{Actor: "test", Price: testPrice})
	if err != nil || sold.ID == row.ID || sold.Author != nil {
		t.Errorf("sold without a co-creator: %+v, %v", sold, err)
	}
	plan, err := n.PlanMint(ctx, string(study), o)
	if err != nil || !plan.AtLeast || len(plan.Steps) != 1 || plan.Steps[0].Gas == 0 {
		t.Errorf("the plan of what is made, and not minted: %+v, %v", plan, err)
	}
	made, err := n.Mint(ctx, string(study), o)
	if err != nil || made.Gas < plan.Steps[0].Gas || made.Release != row.ID || made.State != sinso.ReleaseIsRegistered {
		t.Fatalf("minted: %+v, %v", made, err)
	}
	if _, err := n.MakeOffer(ctx, made.Release, OfferOptions{Price: testPrice, Copies: 1, Actor: "test"}); err != nil {
		t.Error(err)
	}
}
