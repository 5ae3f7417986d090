package node

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sinso.dev/sinso"
)

// authority signs certificates of peers.
type authority struct {
	file string // its own certificate
	dir  string
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{dir: t.TempDir(), key: key}
	a.cert = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "synthetic authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	a.file = a.signed(t, "authority", a.cert, &key.PublicKey)
	return a
}

// signed writes a certificate, and returns its file.
func (a *authority) signed(t *testing.T, name string, template *x509.Certificate, public *ecdsa.PublicKey) string {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, public, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return a.write(t, name+".pem", "CERTIFICATE", der)
}

func (a *authority) write(t *testing.T, name, kind string, der []byte) string {
	t.Helper()
	path := filepath.Join(a.dir, name)
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// issue makes a certificate for this machine, as files of key and certificate.
func (a *authority) issue(t *testing.T, name string) (key, cert string) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	cert = a.signed(t, name, &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}, &secret.PublicKey)
	return a.write(t, name+".key", "PRIVATE KEY", der), cert
}

// secured is the configuration of a node that wants certificates.
func (a *authority) secured(t *testing.T, name string) Config {
	t.Helper()
	key, cert := a.issue(t, name)
	return Config{DIMSECert: cert, DIMSEKey: key, DIMSEAuthorities: a.file}
}

// TestDcmtkIsKnownByItsCertificate stores and finds over TLS, and is sent to; who has
// no certificate, or one that nobody knows, is refused.
func TestDcmtkIsKnownByItsCertificate(t *testing.T) {
	needsPeers(t)
	t.Parallel()
	ca, other := newAuthority(t), newAuthority(t)
	target, dir := freePort(t), t.TempDir()
	key, cert := ca.issue(t, "target")
	startProgram(t, []string{target}, "storescp", "-v", "+B", "+xa", "-aet", "TARGET", "-od", dir, "+tls", key, cert, "+cf", ca.file, target)
	a := openArchive(t, ca.secured(t, "node"), Options{}, peerAt("SCU", ""), sinso.AERow{Title: "TARGET", Host: "127.0.0.1", Port: atoi(t, target), TLS: true})
	files := studyOf(t, "41", 3, 0)
	paths := written(t, files...)
	key, cert = ca.issue(t, "scu")
	secure := []string{"+tls", key, cert, "+cf", ca.file}
	for _, profile := range []string{"+py", "+pz"} { // of BCP 195: non-downgrading, extended
		runProgram(t, "echoscu", append([]string{"-v", profile}, append(secure, a.scu()...)...)...)
	}
	runProgram(t, "storescu", append([]string{"-v", "-R", "-xe"}, append(secure, a.scu(paths...)...)...)...)
	identifier := []string{"-S", "-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=" + syntheticRoot + "41"}
	if out := runProgram(t, "findscu", append(append([]string{"-v"}, identifier...), append(secure, a.scu()...)...)...); !strings.Contains(out, "Find Response: 1") && !strings.Contains(out, "Pending") {
		t.Errorf("nothing is found:\n%s", out)
	}
	if sent, err := a.SendToPeer(t.Context(), "TARGET", []string{syntheticRoot + "41"}, "test", ignoreSent); err != nil || sent.Sent != len(files) {
		t.Errorf("%+v, %v", sent, err)
	}
	sameData(t, filesIn(t, dir), files...)
	if echo, err := a.EchoPeer(t.Context(), "TARGET"); err != nil || !echo.TLS {
		t.Errorf("%+v, %v", echo, err)
	}
	strangersKey, strangersCert := other.issue(t, "stranger")
	for name, args := range map[string][]string{
		"no TLS": nil, "no certificate": {"+tla", "+cf", ca.file}, "unknown authority": {"+tls", strangersKey, strangersCert, "+cf", ca.file},
	} {
		if out, err := program(t, "echoscu", append(append([]string{"-v"}, args...), a.scu()...)...).CombinedOutput(); err == nil || strings.Contains(string(out), "Success") {
			t.Errorf("%s: answered:\n%s", name, out)
		}
	}
	runProgram(t, "echoscu", append(secure, a.scu()...)...)
}

// TestNodesKnowEachOtherByCertificate pulls over TLS, and not from who cannot show
// whom it is.
func TestNodesKnowEachOtherByCertificate(t *testing.T) {
	t.Parallel()
	ca, other := newAuthority(t), newAuthority(t)
	cfg := ca.secured(t, "them")
	cfg.AETitle = "THERE"
	theirs := openArchive(t, cfg, Options{}, peerAt("SINSO", ""))
	chest, err := theirs.ImportPaths(t.Context(), written(t, studyOf(t, "42", 2, 0)...), ImportOptions{Actor: "test"})
	if err != nil || chest.Instances != 2 {
		t.Fatal(chest, err)
	}
	at := sinso.AERow{Title: "THERE", Host: "127.0.0.1", Port: atoi(t, theirs.port), TLS: true}
	ours := openArchive(t, ca.secured(t, "us"), Options{}, at)
	got, err := ours.PullFromPeer(t.Context(), "THERE", []string{syntheticRoot + "42"}, "test", ignorePulled)
	if err != nil || got.Taken != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	stranger := openArchive(t, other.secured(t, "stranger"), Options{}, at)
	if _, err := stranger.EchoPeer(t.Context(), "THERE"); !errors.Is(err, sinso.ErrUnavailable) {
		t.Errorf("of another authority: %v", err)
	}
}
