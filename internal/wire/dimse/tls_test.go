package dimse_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/format/dicom"
	"sinso.dev/sinso/internal/wire/dimse"
)

// authority makes certificates for a test.
type authority struct {
	t    testing.TB
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
	file string // its certificate
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{t, cert, key, x509.NewCertPool(), filepath.Join(t.TempDir(), "ca.pem")}
	a.pool.AddCert(cert)
	a.write(a.file, "CERTIFICATE", der)
	return a
}

func (a *authority) write(path, kind string, der []byte) {
	a.t.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

// issue makes a certificate for loopback: as files of key and certificate, and read.
func (a *authority) issue(name string) (keyFile, certFile string, pair tls.Certificate) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	dir := a.t.TempDir()
	keyFile, certFile = filepath.Join(dir, "key.pem"), filepath.Join(dir, "cert.pem")
	a.write(keyFile, "PRIVATE KEY", secret)
	a.write(certFile, "CERTIFICATE", der)
	if pair, err = tls.LoadX509KeyPair(certFile, keyFile); err != nil {
		a.t.Fatal(err)
	}
	return keyFile, certFile, pair
}

// serveTLS runs a server that wants a certificate of the authority.
func (a *authority) serveTLS(c dimse.Config) string {
	a.t.Helper()
	_, _, pair := a.issue("server")
	ln, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: a.pool,
	})
	if err != nil {
		a.t.Fatal(err)
	}
	return serveOn(a.t, c, ln)
}

// TestTLSPeerIsKnownByItsCertificate checks mutual authentication between our own.
func TestTLSPeerIsKnownByItsCertificate(t *testing.T) {
	t.Parallel()
	ca := newAuthority(t)
	var k kept
	address := ca.serveTLS(dimse.Config{Supports: everything, Store: k.store, Accept: func(_ context.Context, p *dimse.Peer) *dimse.Rejection {
		if p.TLS == nil || len(p.TLS.PeerCertificates) == 0 || p.TLS.PeerCertificates[0].Subject.CommonName != "scanner" {
			return dimse.RejectNoReason()
		}
		return nil
	}})
	_, _, pair := ca.issue("scanner")
	c := dimse.ClientConfig{
		Options: dimse.Options{AETitle: "US"}, Called: "THEM", Contexts: []dimse.Context{only(ctStorage, dicom.ExplicitLittleEndian)},
		TLS: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: ca.pool, Certificates: []tls.Certificate{pair}},
	}
	a, err := dimse.Dial(t.Context(), address, c)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files(t, 3) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if status, err := a.Store(t.Context(), parsed(t, b)); err != nil || status != 0 {
			t.Fatal(status, err)
		}
	}
	if err := a.Release(t.Context()); err != nil {
		t.Error(err)
	}
	if n := k.count(); n != 3 {
		t.Errorf("%d objects arrived", n)
	}
	_, _, c.TLS.Certificates[0] = ca.issue("stranger")
	_, err = dimse.Dial(t.Context(), address, c)
	mustBe(t, "another name", err, sinso.ErrDenied)
	c.TLS.Certificates = nil
	_, err = dimse.Dial(t.Context(), address, c)
	mustBe(t, "no certificate", err, sinso.ErrUnavailable)
}

func TestDcmtkTalksTLSWithOurServer(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	ca := newAuthority(t)
	var k kept
	port := portOf(ca.serveTLS(dimse.Config{Supports: everything, Store: k.store}))
	key, cert, _ := ca.issue("scanner")
	for _, profile := range []string{"+py", "+pz"} { // BCP 195 profiles: non-downgrading, extended
		run(t, "echoscu", "-v", "+tls", key, cert, "+cf", ca.file, profile, "127.0.0.1", port)
	}
	paths := files(t, 3)
	run(t, "storescu", append([]string{"-v", "-R", "+tls", key, cert, "+cf", ca.file, "127.0.0.1", port}, paths...)...)
	k.same(t, paths)
	if out, err := tool(t, "echoscu", "127.0.0.1", port).CombinedOutput(); err == nil {
		t.Errorf("an echo without TLS was answered:\n%s", out)
	}
}

func TestDcmtkTalksTLSWithOurClient(t *testing.T) {
	if testing.Short() {
		t.Skip("needs dcmtk")
	}
	t.Parallel()
	ca := newAuthority(t)
	port, dir := freePort(t), t.TempDir()
	key, cert, _ := ca.issue("archive")
	start(t, port, "storescp", "-v", "+B", "+xa", "-od", dir, "+tls", key, cert, "+cf", ca.file, port)
	_, _, pair := ca.issue("us")
	a, err := dimse.Dial(t.Context(), "127.0.0.1:"+port, dimse.ClientConfig{
		Options: dimse.Options{AETitle: "US"}, Called: "THEM", Contexts: []dimse.Context{only(ctStorage, dicom.ExplicitLittleEndian)},
		TLS: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: ca.pool, Certificates: []tls.Certificate{pair}},
	})
	if err != nil {
		t.Fatal(err)
	}
	paths := files(t, 3)
	for _, o := range (&archive{t, paths}).objects() {
		if status, err := a.Store(t.Context(), o); err != nil || status != 0 {
			t.Fatal(status, err)
		}
	}
	if err := a.Release(t.Context()); err != nil {
		t.Error(err)
	}
	received(t, dir).same(t, paths)
}
