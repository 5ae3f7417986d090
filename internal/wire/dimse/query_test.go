package dimse_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/dimse"
)

func TestFindscuGetsEachMatch(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	port := portOf(serve(t, dimse.Config{Supports: everything, Find: manyMatches(7)}))
	out := run(t, "findscu", "-v", "-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "PatientName=", "-k", "StudyInstanceUID=", "127.0.0.1", port)
	if n := strings.Count(out, "1.2.3.9."); n != 7 {
		t.Errorf("%d matches, want 7:\n%s", n, out)
	}
	out = run(t, "findscu", "-v", "-S", "--cancel", "3", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=", "127.0.0.1",
		portOf(serve(t, dimse.Config{Supports: everything, Find: matchesUntilCancelled})))
	if !strings.Contains(out, "ancel") {
		t.Errorf("no cancel:\n%s", out)
	}
}

// manyMatches answers each query with n matches.
func manyMatches(n int) func(context.Context, *dimse.Association, *dimse.FindRequest) dimse.Status {
	return func(ctx context.Context, _ *dimse.Association, r *dimse.FindRequest) dimse.Status {
		if e := r.Identifier.Find(0x00080052); e == nil || string(e.Value) != "STUDY " {
			return dimse.StatusDataSetMismatch
		}
		for i := range n {
			if err := r.Pending(ctx, match(i), false); err != nil {
				return dimse.StatusCancel
			}
		}
		return dimse.StatusSuccess
	}
}

func matchesUntilCancelled(ctx context.Context, _ *dimse.Association, r *dimse.FindRequest) dimse.Status {
	for i := 0; r.Pending(ctx, match(i%10), true) == nil; i++ {
		runtimeYield()
	}
	return dimse.StatusCancel
}

func match(i int) dicom.Dataset {
	ds := dicom.Dataset{}
	ds.SetString(0x00080052, dicom.VRCS, "STUDY")
	ds.SetString(0x00100010, dicom.VRPN, "TEST^SYNTHETIC")
	ds.SetString(0x0020000D, dicom.VRUI, "1.2.3.9."+string(rune('0'+i)))
	return ds
}

// archive answers retrievals with the files.
type archive struct {
	t     *testing.T
	paths []string
}

func (r *archive) objects() []*dimse.Object {
	var out []*dimse.Object
	for _, path := range r.paths {
		b, err := os.ReadFile(path)
		if err != nil {
			r.t.Error(err)
			continue
		}
		out = append(out, parsed(r.t, b))
	}
	return out
}

func (r *archive) get(ctx context.Context, _ *dimse.Association, rq *dimse.GetRequest) dimse.Outcome {
	var out dimse.Outcome
	objects := r.objects()
	out.Counts.Remaining = len(objects)
	for _, o := range objects {
		status, err := rq.Store(ctx, o)
		r.count(&out, o, status, err)
		if rq.Pending(ctx, out.Counts) != nil {
			out.Status = dimse.StatusCancel
			return out
		}
	}
	return out
}

func (*archive) count(out *dimse.Outcome, o *dimse.Object, status dimse.Status, err error) {
	out.Counts.Remaining--
	if err != nil || status != dimse.StatusSuccess {
		out.Counts.Failed++
		out.Failed = append(out.Failed, o.SOPInstance)
		out.Status = dimse.StatusSubOperationsFailed
		return
	}
	out.Counts.Completed++
}

// move sends to a port of loopback.
func (r *archive) move(port string) func(context.Context, *dimse.Association, *dimse.MoveRequest) dimse.Outcome {
	return func(ctx context.Context, from *dimse.Association, rq *dimse.MoveRequest) dimse.Outcome {
		if rq.Destination != "MOVESCU" {
			return dimse.Outcome{Status: dimse.StatusMoveDestinationUnknown}
		}
		a, err := dimse.Dial(ctx, "127.0.0.1:"+port, dimse.ClientConfig{
			Options: dimse.Options{AETitle: "US"}, Called: "MOVESCU",
			Contexts: dimse.ContextsOf(dimse.Pair{Class: ctStorage, Syntax: dicom.ExplicitLittleEndian})[0],
		})
		if err != nil {
			r.t.Error(err)
			return dimse.Outcome{Status: dimse.StatusOutOfResourcesOperations}
		}
		defer func() { _ = a.Release(ctx) }()
		var out dimse.Outcome
		objects := r.objects()
		out.Counts.Remaining = len(objects)
		for _, o := range objects {
			status, err := a.StoreFor(ctx, o, from.Peer().Calling, rq.MessageID)
			r.count(&out, o, status, err)
			if rq.Pending(ctx, out.Counts) != nil {
				return dimse.Outcome{Status: dimse.StatusCancel, Counts: out.Counts}
			}
		}
		return out
	}
}

func TestGetscuGetsEachObject(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	r := &archive{t, files(t, 4)}
	port, dir := portOf(serve(t, dimse.Config{Supports: everything, Get: r.get})), t.TempDir()
	run(t, "getscu", "-v", "-S", "+B", "-od", dir, "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3", "127.0.0.1", port)
	received(t, dir).same(t, r.paths)
}

func TestMovescuGetsEachObject(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	r := &archive{t, files(t, 4)}
	back := freePort(t)
	port := portOf(serve(t, dimse.Config{Supports: everything, Move: r.move(back)}))
	cmd := tool(t, "movescu", "-v", "-S", "+B", "+P", back, "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3", "127.0.0.1", port)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("movescu: %v\n%s", err, out)
	}
	received(t, cmd.Dir).same(t, r.paths) // bit preserving, it writes where it runs
	out, err := tool(t, "movescu", "-v", "-S", "-aem", "NOBODY", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2.3", "127.0.0.1", port).CombinedOutput()
	if !strings.Contains(string(out), "MoveDestinationUnknown") {
		t.Errorf("an unknown destination: %v\n%s", err, out)
	}
}
