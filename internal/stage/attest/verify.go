package attest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
)

// Sources is what a bundle is checked against. A nil function is refused as soon
// as the bundle needs it: nothing goes unchecked.
type Sources struct {
	// Contracts are where the asset stands: works are signed for them.
	Contracts sinso.Contracts
	// Institution is the Ed25519 public key that the buyer trusts.
	Institution [32]byte
	// Derivative returns the bytes of the i-th released instance, in the order of
	// Bundle.Evidence. It is called from several goroutines.
	Derivative func(i int) ([]byte, error)
	// Work returns the bytes of the i-th work.
	Work func(i int) ([]byte, error)
	// Proof checks a proof against the institution's audit log.
	Proof func(name string, p sinso.Proof) error
}

// Verify checks every piece of the bundle. The first piece that fails is named
// by a [PieceError].
func (b Bundle) Verify(ctx context.Context, from Sources) (Report, error) {
	statement, err := b.Signed.Open(from.Institution)
	if err != nil {
		return Report{}, err
	}
	report := Report{
		Origin: statement.Origin, Institution: from.Institution, Statement: b.Signed.Hash(), Profile: statement.Profile,
		Instances: int(statement.Instances), Released: int(statement.Released),
	}
	if report.Counts, err = b.verifyInstances(ctx, statement, from.Derivative); err != nil {
		return Report{}, err
	}
	if err := b.verifyRoots(statement); err != nil {
		return Report{}, err
	}
	if report.Works, err = b.verifyWorks(statement, from); err != nil {
		return Report{}, err
	}
	if report.Audit, err = b.verifyProofs(statement, from.Proof); err != nil {
		return Report{}, err
	}
	return report, nil
}

// verifyInstances checks each derivative, several at a time, and returns the
// failure of the first that fails.
func (b Bundle) verifyInstances(ctx context.Context, statement Statement, derivative func(int) ([]byte, error)) (Counts, error) {
	if len(b.Evidence) != int(statement.Released) {
		return Counts{}, failed("instances", fmt.Sprintf("evidence of %d, signed %d", len(b.Evidence), statement.Released))
	}
	if derivative == nil {
		return Counts{}, fmt.Errorf("attest: no derivative to verify: %w", sinso.ErrInvalid)
	}
	counts, failures := make([]Counts, len(b.Evidence)), make([]error, len(b.Evidence))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0)) // hashing keeps a processor busy
	for i, evidence := range b.Evidence {
		group.Go(func() error {
			if failures[i] = ctx.Err(); failures[i] != nil {
				return failures[i]
			}
			file, err := derivative(i)
			if err != nil {
				failures[i] = &PieceError{evidence.piece("file"), err}
				return failures[i]
			}
			counts[i], _, failures[i] = VerifyInstance(evidence, file)
			return failures[i]
		})
	}
	if err := group.Wait(); err != nil {
		first := slices.IndexFunc(failures, func(err error) bool { return err != nil })
		return Counts{}, failures[first]
	}
	var sum Counts
	for _, c := range counts {
		sum.add(c)
	}
	return sum, nil
}

// verifyRoots checks that the statement is about this evidence and these roots.
func (b Bundle) verifyRoots(statement Statement) error {
	is, err := b.statement()
	switch {
	case err != nil:
		return err
	case is.Instances != statement.Instances:
		return failed("withheld instances", fmt.Sprintf("%d instances in all, signed %d", is.Instances, statement.Instances))
	case is.Records != statement.Records:
		return failed("instance records", "are not the ones that were signed")
	case is.Study != statement.Study:
		return failed("withheld instances", "roots do not give the study root that was signed")
	}
	return nil
}

func (b Bundle) verifyWorks(statement Statement, from Sources) ([]WorkReport, error) {
	if len(b.Works) != len(statement.Works) {
		return nil, failed("works", fmt.Sprintf("%d, signed %d", len(b.Works), len(statement.Works)))
	}
	if len(b.Works) > 0 && from.Work == nil {
		return nil, fmt.Errorf("attest: no works to verify: %w", sinso.ErrInvalid)
	}
	var reports []WorkReport
	for i, w := range b.Works {
		piece := fmt.Sprintf("work %d: ", i)
		file, err := from.Work(i)
		if err != nil {
			return nil, &PieceError{piece + "file", err}
		}
		if sha256.Sum256(file) != w.SHA256 {
			return nil, failed(piece+"file", "is not what was signed")
		}
		if err := w.verify(from.Contracts); err != nil {
			return nil, &PieceError{piece + "signature", err}
		}
		if entry, err := w.digest(); err != nil || entry != statement.Works[i] {
			return nil, failed(piece+"entry", "is not what the institution signed")
		}
		reports = append(reports, WorkReport{w.Role, w.Signer, w.SHA256})
	}
	return reports, nil
}

func (b Bundle) verifyProofs(statement Statement, check func(string, sinso.Proof) error) ([]string, error) {
	if len(b.Proofs) != len(statement.Audit) {
		return nil, failed("audit proofs", fmt.Sprintf("%d, signed %d", len(b.Proofs), len(statement.Audit)))
	}
	if len(b.Proofs) > 0 && check == nil {
		return nil, fmt.Errorf("attest: no audit log to verify against: %w", sinso.ErrInvalid)
	}
	var names []string
	for i, p := range b.Proofs {
		signed := statement.Audit[i]
		piece := "audit proof of the " + signed.Name
		ref, err := p.ref()
		if err != nil {
			return nil, err
		}
		if ref.Leaf != signed.Leaf {
			return nil, failed(piece, "leaf is not the one that the statement rests on")
		}
		if ref != signed {
			return nil, failed(piece, "is not the one that was signed")
		}
		if err := check(p.Name, p.Proof()); err != nil {
			return nil, &PieceError{piece, errors.Join(err, sinso.ErrCorrupt)}
		}
		names = append(names, p.Name)
	}
	return names, nil
}
