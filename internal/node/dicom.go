package node

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/serve/dimse"
)

// listenDIMSE binds the DICOM network address, unless the configuration says none.
func (n *Node) listenDIMSE(ctx context.Context) error {
	if n.Config.DIMSEListen == none {
		return nil
	}
	server, client, err := n.dicomTLS()
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", n.Config.DIMSEListen)
	if err != nil {
		return fmt.Errorf("node: listen for DICOM on %s: %w: %w", n.Config.DIMSEListen, err, sinso.ErrUnavailable)
	}
	n.closers = append(n.closers, func() error {
		_ = listener.Close() // Serve has closed it, if it ran
		return nil
	})
	n.DIMSEAddr = listener.Addr().String()
	if server != nil {
		listener = tls.NewListener(listener, server)
	}
	n.dimse, n.dicomClient = listener, client
	return nil
}

// serveDIMSE answers associations until ctx ends.
func (n *Node) serveDIMSE(ctx context.Context) error {
	door, err := dimse.New(dimse.Config{Archive: n.Way, Log: n.log, Clock: n.Clock, AETitle: n.Config.AETitle, Client: n.dicomClient})
	if err != nil {
		return err
	}
	return door.Serve(ctx, n.dimse)
}

// dicomTLS reads certificate, key and authorities. Without a certificate there is
// no TLS; with authorities, peers prove themselves (PS3.15 B.9, BCP 195: TLS 1.2 or
// newer, with forward secrecy).
func (n *Node) dicomTLS() (server, client *tls.Config, err error) {
	c := n.Config
	if c.DIMSECert == "" && c.DIMSEKey == "" && c.DIMSEAuthorities == "" {
		return nil, nil, nil
	}
	pair, err := tls.LoadX509KeyPair(c.DIMSECert, c.DIMSEKey)
	if err != nil {
		return nil, nil, fmt.Errorf("node: dimse-cert and dimse-key hold no certificate and its key: %w", sinso.ErrInvalid)
	}
	base := tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, CipherSuites: bcp195}
	server, client = base.Clone(), base.Clone()
	if c.DIMSEAuthorities == "" {
		return server, client, nil
	}
	pem, err := os.ReadFile(c.DIMSEAuthorities)
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		return nil, nil, fmt.Errorf("node: dimse-authorities holds no certificate: %w", sinso.ErrInvalid)
	}
	server.ClientCAs, server.ClientAuth, client.RootCAs = pool, tls.RequireAndVerifyClientCert, pool
	return server, client, nil
}

// bcp195 are the cipher suites of TLS 1.2 that RFC 9325 §4.2 recommends; those of
// TLS 1.3 are all fit.
var bcp195 = []uint16{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
}
