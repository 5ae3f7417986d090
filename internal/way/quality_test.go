package way

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/format/dicom/phantom"
	"sinso.dev/sinso/internal/stage/attest"
	"sinso.dev/sinso/internal/stage/quality"
)

// slicesOf is a synthetic chest of n small slices.
func slicesOf(t *testing.T, seed uint64, n int) (all [][]byte) {
	t.Helper()
	err := phantom.Series(phantom.Options{Seed: seed, Slices: n, Rows: 16, Columns: 16}, func(_ string, raw []byte) error {
		all = append(all, raw)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// edited changes a file.
func edited(t *testing.T, file []byte, edit func(*dicom.Dataset)) []byte {
	t.Helper()
	ds := must[dicom.Dataset](t)(must[*dicom.File](t)(dicom.Read(file)).Tree())
	edit(&ds)
	return must[[]byte](t)(dicom.Encode(dicom.ExplicitLittleEndian, ds))
}

func partOf(q sinso.Quality, name quality.Part) sinso.QualityPart {
	return q.Parts[slices.Index(quality.Parts(), name)]
}

func gradedScene(t *testing.T, least int) scene {
	t.Helper()
	s := reviewScene(t, 1)
	s.cfg.QualityLeast = least
	return s
}

// TestPoorIsRefusedUntilItIsMended: a series with gaps is made and not offered, which the row
// says with what was found; it is not made again, until what is missing comes.
func TestPoorIsRefusedUntilItIsMended(t *testing.T) {
	t.Parallel()
	s := gradedScene(t, quality.Least)
	ctx := t.Context()
	files := slicesOf(t, 1, 20)
	var some, rest [][]byte
	for i, file := range files {
		if i%3 == 2 {
			rest = append(rest, file)
			continue
		}
		some = append(some, file)
	}
	study := s.imports(some...).Studies[0]
	before := must[QualityForecast](t)(s.Quality(ctx, study, nil))
	if before.Score >= quality.Least || before.Of != len(some) || before.Instances != len(some) {
		t.Errorf("the forecast is %+v", before)
	}
	options := ReleaseOptions{Actor: "test", Profile: s.profile}
	row := must[sinso.ReleaseRow](t)(s.Release(ctx, study, options))
	if row.State != sinso.ReleaseIsRefused || row.Reason != ReasonQuality || row.Quality == nil || row.Quality.Score >= quality.Least {
		t.Fatalf("got %s for %q, %+v; want it refused for its quality", row.State, row.Reason, row.Quality)
	}
	if p := partOf(*row.Quality, quality.Continuity); p.Score > 0 || len(p.Findings) == 0 {
		t.Errorf("continuity is %+v", p)
	}
	if Explain(ReasonQuality) == "" {
		t.Error("the reason has no sentence")
	}
	if again := must[sinso.ReleaseRow](t)(s.Release(ctx, study, options)); again.ID != row.ID {
		t.Error("it was made again, to be refused again")
	}
	s.rebuilt()
	s.imports(rest...)
	if after := must[QualityForecast](t)(s.Quality(ctx, study, nil)); after.Score < quality.Least {
		t.Errorf("mended, the forecast is %+v", after)
	}
	draft := s.draft(study)
	if draft.ID == row.ID || draft.State != sinso.ReleaseIsStored || draft.Quality.Score < quality.Least {
		t.Errorf("mended it is %s %s with %+v", draft.ID, draft.State, draft.Quality)
	}
	if refused, err := s.tooPoor(ctx, draft, "test"); err != nil || refused {
		t.Errorf("mended it is refused: %v, %v", refused, err)
	}
	s.committed(draft)
	s.rebuilt()
}

// committed wants the token of a release to commit to the quality that its manifest holds.
func (s scene) committed(row sinso.ReleaseRow) {
	s.t.Helper()
	ctx := s.t.Context()
	fields := must[attest.Fields](s.t)(attest.OpenCommitment(row.Opening, row.Asset.Commitment))
	key := must[sinso.CEK](s.t)(s.sealer.Key(ctx, row.Manifest, row.Keys, row.Custodian()))
	manifest := must[sinso.Manifest](s.t)(s.readManifest(ctx, row.Manifest, key))
	if manifest.Quality == nil || fields.Judged(manifest.Quality) != nil || int(fields.Quality.Score) != row.Quality.Score {
		s.t.Errorf("the token commits to %+v, the manifest holds %+v", fields.Quality, manifest.Quality)
	}
	manifest.Quality.Score++
	if fields.Judged(manifest.Quality) == nil {
		s.t.Error("a better score passes")
	}
}

// TestForecastIsWhatIsMade: all but pixels is known before a copy is made.
func TestForecastIsWhatIsMade(t *testing.T) {
	t.Parallel()
	s := gradedScene(t, 0)
	var files [][]byte
	for i, file := range slicesOf(t, 2, 8) {
		files = append(files, edited(t, file, func(ds *dicom.Dataset) {
			ds.Remove(0x00280030)
			if i > 4 {
				ds.SetString(0x00200052, dicom.VRUI, "1.2.3")
			}
		}))
	}
	study := s.imports(files...).Studies[0]
	before, made := must[QualityForecast](t)(s.Quality(t.Context(), study, nil)), s.draft(study)
	for _, name := range quality.Parts() {
		was, is := partOf(before.Quality, name), partOf(*made.Quality, name)
		if name == quality.Uniqueness {
			if was.Weight != 0 || is.Weight == 0 {
				t.Errorf("%s counts before, or not after: %+v, %+v", name, was, is)
			}
			continue
		}
		if was.Score != is.Score || was.Weight != is.Weight || !slices.Equal(was.Findings, is.Findings) {
			t.Errorf("%s: forecast %+v, made %+v", name, was, is)
		}
	}
	if report := ReportForecast(before, 100); report.Enough || !report.Forecast || report.Parts[0].Findings[0].Attribute != "Pixel Spacing" || report.Parts[0].Findings[0].Helps == "" {
		t.Errorf("told as %+v", report)
	}
	if _, err := s.Quality(t.Context(), study, nil, "e_nothing"); !errors.Is(err, sinso.ErrNotFound) {
		t.Errorf("of a series that is not there: %v", err)
	}
}

// TestSamePicturesAreNotSoldTwice files one series under two studies, with other UIDs: once it is
// for sale it is not offered again from the other, until it is taken back.
func TestSamePicturesAreNotSoldTwice(t *testing.T) {
	t.Parallel()
	s := gradedScene(t, quality.Least)
	ctx := t.Context()
	files := slicesOf(t, 3, 6)
	others := samePictures(t, files)
	first, second := s.imports(files...).Studies[0], s.imports(others...).Studies[0]
	one := s.draft(first)
	s.registered(one)
	if again := must[[]quality.Sketch](t)(s.market(ctx, first, nothing)); len(again) != 0 {
		t.Error("a study's own release stands against it")
	}
	two := s.draft(second)
	if p := partOf(*two.Quality, quality.Uniqueness); p.Score != 0 || len(p.Findings) != 1 || p.Findings[0].Finding != "on-market" || p.Findings[0].Count != 6 {
		t.Fatalf("uniqueness is %+v", p)
	}
	if refused, err := s.tooPoor(ctx, two, "test"); err != nil || !refused {
		t.Fatalf("refused %v, %v", refused, err)
	}
	options := ReleaseOptions{Actor: "test", Profile: s.profile}
	if planned := must[sinso.ReleaseID](t)(s.plan(ctx, second, options)); planned != two.ID {
		t.Error("it is made again, to be refused again")
	}
	if err := s.recallNow(ctx, must[sinso.ReleaseRow](t)(s.ReleaseRow(ctx, one.ID)), ReasonRecalled, "test"); err != nil {
		t.Fatal(err)
	}
	if planned := must[sinso.ReleaseID](t)(s.plan(ctx, second, options)); planned == two.ID {
		t.Error("with the other taken back it is not made again")
	}
}

// samePictures are the same pictures, with other UIDs, of another person.
func samePictures(t *testing.T, files [][]byte) (others [][]byte) {
	for i, file := range files {
		others = append(others, edited(t, file, func(ds *dicom.Dataset) {
			ds.SetString(0x0020000D, dicom.VRUI, "1.2.9")
			ds.SetString(0x0020000E, dicom.VRUI, "1.2.9.1")
			ds.SetString(0x00080018, dicom.VRUI, "1.2.9.1."+strconv.Itoa(i))
			ds.SetString(0x00100020, dicom.VRLO, "ELSE")
			ds.SetString(0x00100010, dicom.VRPN, "ELSE^ELSA")
		}))
	}
	return others
}

// TestSamePicturesGoToTheChainOnce has two releases of the same pictures, neither of which is registered, go
// to the chain at once: one of them is refused, whichever comes second.
func TestSamePicturesGoToTheChainOnce(t *testing.T) {
	t.Parallel()
	s := gradedScene(t, quality.Least)
	ctx := t.Context()
	files := slicesOf(t, 3, 6)
	first, second := s.imports(files...).Studies[0], s.imports(samePictures(t, files)...).Studies[0]
	drafts := []sinso.ReleaseRow{s.draft(first), s.draft(second)}
	began := make([]bool, len(drafts))
	var wait sync.WaitGroup
	for i, draft := range drafts {
		wait.Go(func() {
			var err error
			if began[i], err = s.beginMint(ctx, draft.ID, "test"); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if began[0] == began[1] {
		t.Fatalf("they went to the chain: %v, want one of them", began)
	}
	for i, draft := range drafts {
		row := must[sinso.ReleaseRow](t)(s.ReleaseRow(ctx, draft.ID))
		if refused := row.State == sinso.ReleaseIsRefused && row.Reason == ReasonQuality; refused == began[i] {
			t.Errorf("release %d is %s for %q", i, row.State, row.Reason)
		}
	}
}

// TestCutWhileItIsJudged: a release that is cut off while it is judged goes on, and ends as if it
// had not been.
func TestCutWhileItIsJudged(t *testing.T) {
	t.Parallel()
	s := gradedScene(t, quality.Least)
	files := slicesOf(t, 4, 12)
	study := s.imports(append(slices.Clone(files[:3]), files[6:]...)...).Studies[0]
	ctx, cut := context.WithCancel(t.Context())
	s.cfg.OnStep = func(step string) {
		if step == "quality" {
			cut()
		}
	}
	options := ReleaseOptions{Actor: "test", Profile: s.profile}
	if _, err := s.Release(ctx, study, options); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want it cut off", err)
	}
	s.cfg.OnStep = nil
	rows := must[[]sinso.ReleaseRow](t)(s.Releases(t.Context(), ""))
	if len(rows) != 1 || rows[0].State != sinso.ReleaseIsPlanned || rows[0].Quality != nil {
		t.Fatalf("cut off, there is %+v", rows)
	}
	row := must[sinso.ReleaseRow](t)(s.Release(t.Context(), study, options))
	if row.ID != rows[0].ID || row.Reason != ReasonQuality {
		t.Errorf("got %s, %q; want %s refused", row.ID, row.Reason, rows[0].ID)
	}
	s.rebuilt()
}
