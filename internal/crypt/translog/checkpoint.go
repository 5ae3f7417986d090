package translog

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sinso.dev/sinso"
)

const (
	// Limits of what is read from others.
	maxCheckpoint = 4 << 10 // bytes
	maxPath       = 64      // hashes: a tree of 2^63 leaves needs no more
	maxLeaf       = 2 << 20 // bytes
	maxSize       = 1 << 48 // leaves: far from where sizes overflow

	// algEd25519 says in a signed note that a key is Ed25519 (c2sp.org/signed-note).
	algEd25519 = 1
)

// Name is the log's name, which is its key's name too: "sinso/" and the first 8
// hex digits of the SHA-256 of its public key.
func Name(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	return "sinso/" + hex.EncodeToString(sum[:4])
}

// Signer signs checkpoints.
type Signer struct {
	signer note.Signer
	public ed25519.PublicKey
}

// NewSigner returns the signer of an Ed25519 seed (RFC 8032 §5.1.5).
func NewSigner(seed [ed25519.SeedSize]byte) (*Signer, error) {
	public, ok := ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("audit: signing key: %w", sinso.ErrInvalid)
	}
	verifier, err := verifierOf(public)
	if err != nil {
		return nil, err
	}
	// The text form of a note's private key, as note.GenerateKey writes it.
	skey := fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", verifier.Name(), verifier.KeyHash(),
		base64.StdEncoding.EncodeToString(append([]byte{algEd25519}, seed[:]...)))
	signer, err := note.NewSigner(skey)
	if err != nil {
		return nil, fmt.Errorf("audit: signing key: %w", sinso.ErrInvalid) // the cause may quote the key
	}
	return &Signer{signer, public}, nil
}

// Public returns the key that checks what s signs.
func (s *Signer) Public() ed25519.PublicKey { return s.public }

// Checkpoint signs the log as it is: name, size and root.
func (s *Signer) Checkpoint(tree tlog.Tree) (string, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", s.signer.Name(), tree.N, tree.Hash)
	signed, err := note.Sign(&note.Note{Text: text}, s.signer)
	if err != nil {
		return "", fmt.Errorf("audit: sign checkpoint: %w", err)
	}
	return string(signed), nil
}

func verifierOf(public []byte) (note.Verifier, error) {
	if len(public) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("audit: a public key has %d bytes, not %d: %w", ed25519.PublicKeySize, len(public), sinso.ErrInvalid)
	}
	vkey, err := note.NewEd25519VerifierKey(Name(public), public)
	if err != nil {
		return nil, fmt.Errorf("audit: public key: %w: %w", err, sinso.ErrInvalid)
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, fmt.Errorf("audit: public key: %w: %w", err, sinso.ErrInvalid)
	}
	return verifier, nil
}

// OpenCheckpoint checks the signature and reads size and root. ErrCorrupt if it
// is not signed by that key or not in the one form that is written.
func OpenCheckpoint(checkpoint string, public []byte) (tlog.Tree, error) {
	verifier, err := verifierOf(public)
	if err != nil {
		return tlog.Tree{}, err
	}
	if len(checkpoint) > maxCheckpoint {
		return tlog.Tree{}, badCheckpoint("is too long")
	}
	opened, err := note.Open([]byte(checkpoint), note.VerifierList(verifier))
	var unverified *note.UnverifiedNoteError
	switch {
	case errors.As(err, &unverified):
		return tlog.Tree{}, badCheckpoint("is not signed by this log's key")
	case err != nil:
		return tlog.Tree{}, badCheckpoint("is not a signed note, or its signature is wrong")
	}
	if err := onlySignature(opened, checkpoint); err != nil {
		return tlog.Tree{}, err
	}
	return parseTree(opened.Text, verifier.Name())
}

// onlySignature refuses a checkpoint that says anything besides its text and one
// signature, or writes the signature in another way, so that no bit is without
// effect.
func onlySignature(n *note.Note, checkpoint string) error {
	if len(n.Sigs) != 1 {
		return badCheckpoint("has more than one signature")
	}
	sig, err := base64.StdEncoding.DecodeString(n.Sigs[0].Base64)
	if err != nil {
		return badCheckpoint("has a signature that is not in base64")
	}
	once := fmt.Sprintf("%s\n— %s %s\n", n.Text, n.Sigs[0].Name, base64.StdEncoding.EncodeToString(sig))
	if once != checkpoint {
		return badCheckpoint("is not in the one form that is written")
	}
	return nil
}

func badCheckpoint(why string) error {
	return fmt.Errorf("audit: the checkpoint %s: %w", why, sinso.ErrCorrupt)
}

func parseTree(text, name string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] != name || lines[3] != "" {
		return tlog.Tree{}, badCheckpoint("is not of this log")
	}
	n, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || n < 0 || n > maxSize || strconv.FormatInt(n, 10) != lines[1] {
		return tlog.Tree{}, badCheckpoint("has no size")
	}
	hash, err := tlog.ParseHash(lines[2])
	if err != nil || hash.String() != lines[2] {
		return tlog.Tree{}, badCheckpoint("has no root")
	}
	return tlog.Tree{N: n, Hash: hash}, nil
}

// VerifyProof checks a proof against the key of the log: the checkpoint is
// signed by it, and the leaf is in the tree of the checkpoint at that index. It
// returns what the leaf discloses. Any flipped bit in any piece is ErrCorrupt,
// and the error says which piece failed.
func VerifyProof(p sinso.Proof, public []byte) (Disclosed, error) {
	tree, err := OpenCheckpoint(p.Checkpoint, public)
	if err != nil {
		return Disclosed{}, err
	}
	path, err := hashes(p.Path)
	if err != nil {
		return Disclosed{}, err
	}
	if len(p.Leaf) > maxLeaf {
		return Disclosed{}, fmt.Errorf("audit: leaf of %d bytes: %w", len(p.Leaf), sinso.ErrCorrupt)
	}
	if err := tlog.CheckRecord(path, tree.N, tree.Hash, p.Index, LeafHash(p.Leaf)); err != nil {
		return Disclosed{}, fmt.Errorf("audit: the leaf is not at index %d of the log that the checkpoint signs: %w", p.Index, sinso.ErrCorrupt)
	}
	return ParseLeaf(p.Leaf)
}

// VerifyConsistency checks that the log of the newer checkpoint begins with that
// of the older: nothing was changed or removed between them. path is a proof as
// RFC 6962 §2.1.2 defines it.
func VerifyConsistency(older, newer string, path [][]byte, public []byte) error {
	o, err := OpenCheckpoint(older, public)
	if err != nil {
		return err
	}
	n, err := OpenCheckpoint(newer, public)
	if err != nil {
		return err
	}
	proof, err := hashes(path)
	if err != nil {
		return err
	}
	if o.N == 0 && len(proof) == 0 { // every log begins with the empty one
		return nil
	}
	if err := tlog.CheckTree(proof, n.N, n.Hash, o.N, o.Hash); err != nil {
		return fmt.Errorf("audit: the log of %d entries does not begin with that of %d: %w", n.N, o.N, sinso.ErrCorrupt)
	}
	return nil
}

func hashes(path [][]byte) ([]tlog.Hash, error) {
	if len(path) > maxPath {
		return nil, fmt.Errorf("audit: a path of %d hashes: %w", len(path), sinso.ErrCorrupt)
	}
	all := make([]tlog.Hash, 0, len(path))
	for _, h := range path {
		if len(h) != tlog.HashSize {
			return nil, fmt.Errorf("audit: a path with a hash of %d bytes: %w", len(h), sinso.ErrCorrupt)
		}
		all = append(all, tlog.Hash(h))
	}
	return all, nil
}
