package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/client"
	"sinso.dev/sinso/internal/serve"
	"sinso.dev/sinso/web"
)

// Bounds of a connection. A slow sender may take its time over a large body, but
// not over headers.
const (
	headerTimeout   = 10 * time.Second
	idleTimeout     = 2 * time.Minute
	maxHeaderBytes  = 32 << 10
	shutdownTimeout = 10 * time.Second
	tendEvery       = 15 * time.Second
)

// tempFolder holds uploads in one request while they are read.
const tempFolder = "tmp"

// Listen binds the node's HTTP address and its own socket; buyers reach the node
// under the URL that the configuration names, or else under this address. What
// is bound is answered once [Node.Serve] runs, and ends with it.
func (n *Node) Listen(ctx context.Context) (net.Listener, error) {
	socket, err := n.listenSocket(ctx)
	if err != nil {
		return nil, err
	}
	n.socket = socket
	n.closers = append(n.closers, func() error {
		_ = socket.Close() // Serve has closed it, if it ran
		return nil
	})
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", n.Config.Listen)
	if err != nil {
		return nil, fmt.Errorf("node: listen on %s: %w: %w", n.Config.Listen, err, sinso.ErrUnavailable)
	}
	if n.Config.URL == "" {
		n.SetURL("http://" + listener.Addr().String())
	}
	if err := n.listenDIMSE(ctx); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if err := n.joinSwarm(ctx); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

// Serve answers on listener, which is Listen's, and on the node's own socket until
// ctx ends, and meanwhile takes what was cut off to its end and looks after orders.
func (n *Node) Serve(ctx context.Context, listener net.Listener) error {
	temp := filepath.Join(n.Config.Data, tempFolder)
	if err := os.RemoveAll(temp); err != nil { // uploads that a crash left behind
		return fmt.Errorf("node: empty the folder of uploads: %w", sinso.ErrUnavailable)
	}
	if err := os.MkdirAll(temp, 0o700); err != nil {
		return fmt.Errorf("node: make the folder of uploads: %w", sinso.ErrUnavailable)
	}
	uploads, err := n.openUploads(ctx)
	if err != nil {
		return err
	}
	proxies, err := n.Config.proxies()
	if err != nil {
		return err
	}
	quota, err := n.Config.quota()
	if err != nil {
		return err
	}
	server, err := serve.New(serve.Config{ //nolint:contextcheck // a request has a context of its own
		Way: n.Way, Log: n.log, Clock: n.Clock, Rand: n.Rand, Page: web.Files(), Temp: temp, Explain: Explain,
		Own: n.ownFiles(), Hosts: n.hosts(), Proxies: proxies, Public: n.public(), Origins: n.origins(listener.Addr()), Version: version(), Ready: n.ready, Peers: n, RootKey: n, Backups: n, Held: hosted{n}, Replicas: n, Swarm: n.Swarm, ChainIndex: n.ChainIndex, Catalogue: n.Catalogue(), Warnings: n.Warnings, Uploads: uploads, Quota: quota,
	})
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	context.AfterFunc(ctx, server.Close)
	group.Go(func() error { return serveHTTP(ctx, listener, server.Handler()) })
	group.Go(func() error { return serveHTTP(ctx, n.socket, server.Local()) })
	if n.dimse != nil {
		group.Go(func() error { return n.serveDIMSE(ctx) })
	}
	group.Go(func() error { return n.Index(ctx) })
	group.Go(func() error {
		n.scrubbing(ctx)
		return nil
	})
	group.Go(func() error {
		n.pruning(ctx)
		return nil
	})
	group.Go(func() error {
		n.erasing(ctx)
		return nil
	})
	group.Go(func() error {
		n.watchRoom(ctx)
		return nil
	})
	group.Go(func() error {
		if err := n.KnowCrowd(ctx); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "the catalogue was not read for the risk of copies; it is when one is made", slog.String("error", err.Error()))
		}
		return nil
	})
	group.Go(func() error {
		n.replicas.Run(ctx)
		return nil
	})
	n.follow(ctx, group)
	if n.catalogue != nil {
		group.Go(func() error {
			n.followChain(ctx)
			return nil
		})
	}
	n.takeUploads(ctx, group, server, uploads)
	group.Go(func() error {
		n.tendAll(ctx)
		return nil
	})
	return group.Wait()
}

// follow does what follows when a study has come through a door.
func (n *Node) follow(ctx context.Context, group *errgroup.Group) {
	const waiting = 1024 // studies; beyond them listing waits, and nothing is lost
	failed := func(err error) {
		n.log.WarnContext(ctx, "what follows for a study failed; it is tried again at the next start", slog.String("error", err.Error()))
	}
	var listed func(sinso.StudyID)
	if n.chain != nil && n.Config.Derive == deriveStudies {
		studies := make(chan sinso.StudyID, waiting)
		listed = func(id sinso.StudyID) {
			select {
			case studies <- id:
			case <-ctx.Done():
			}
		}
		group.Go(func() error {
			n.Ahead(ctx, studies, failed)
			return nil
		})
	}
	group.Go(func() error {
		n.Tidy(ctx, listed, failed)
		return nil
	})
}

// hosts are the names under which others reach this node, so that a page of
// somewhere else that calls itself by another name is refused.
func (n *Node) hosts() []string {
	at, err := url.Parse(n.Config.URL)
	if err != nil || at.Hostname() == "" {
		return nil
	}
	return []string{at.Hostname()}
}

// proxies reads TrustedProxies.
func (c Config) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for text := range strings.SplitSeq(c.TrustedProxies, ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if at, alone := netip.ParseAddr(text); alone == nil {
			prefix, err = at.Unmap().Prefix(at.Unmap().BitLen())
		}
		if err != nil || prefix.Bits() == 0 {
			return nil, fmt.Errorf("config: trusted-proxies: want addresses, or prefixes such as 10.1.0.0/16, with commas between, not %q: %w", text, sinso.ErrInvalid)
		}
		out = append(out, prefix.Masked())
	}
	return out, nil
}

// public is host and port of the configured URL, as a browser sends them; "" if that is not
// https.
func (n *Node) public() string {
	at, err := url.Parse(n.Config.URL)
	if err != nil || at.Scheme != "https" {
		return ""
	}
	return strings.TrimPrefix(originOf(at.Scheme, strings.ToLower(at.Hostname()), at.Port()), "https://")
}

// origins are where the page stands, as browsers write it: this machine's own port, and
// the configured URL. Beyond this machine only TLS will do: who can change the page
// could sign in as anyone.
func (n *Node) origins(listening net.Addr) []string {
	_, port, err := net.SplitHostPort(listening.String())
	if err != nil {
		return nil
	}
	found := []string{originOf("http", "localhost", port), originOf("http", "127.0.0.1", port)}
	at, err := url.Parse(n.Config.URL)
	if err == nil && (at.Scheme == "https" || at.Hostname() == "localhost" || net.ParseIP(at.Hostname()).IsLoopback()) {
		found = append(found, originOf(at.Scheme, strings.ToLower(at.Hostname()), at.Port()))
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// originOf leaves a scheme's own port out (RFC 6454 §6.1).
func originOf(scheme, host, port string) string {
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port == "" || scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		return scheme + "://" + host
	}
	return scheme + "://" + host + ":" + port
}

// version is that of the program, as far as its build knows it.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return ""
}

// ready returns nil if the node can do its work: its journal takes entries, and its
// index answers.
func (n *Node) ready(ctx context.Context) error {
	if damage := n.pack.Damage(); len(damage) > 0 {
		return fmt.Errorf("node: the journal is damaged in %d places, and takes nothing more: %w", len(damage), sinso.ErrCorrupt)
	}
	return n.meta.View(ctx, func(tx sinso.MetaTx) error {
		_, err := tx.Cursor()
		return err
	})
}

// serveHTTP serves until ctx ends, then lets what is under way finish.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
	}
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		ended <- server.Shutdown(grace)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("node: serve: %w: %w", err, sinso.ErrUnavailable)
	}
	if err := <-ended; err != nil {
		return fmt.Errorf("node: requests were cut off: %w", errors.Join(err, server.Close()))
	}
	return nil
}

// listenSocket binds the node's own socket. The folder is locked by this process,
// so a socket file that is there is one that a crash left behind.
func (n *Node) listenSocket(ctx context.Context) (net.Listener, error) {
	path, err := client.SocketPath(n.Config.Data)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil { //nolint:gosec // the socket's own place
		return nil, fmt.Errorf("node: make the socket's folder: %w", sinso.ErrUnavailable)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { //nolint:gosec // the socket's own place
		return nil, fmt.Errorf("node: remove the old socket: %w", sinso.ErrUnavailable)
	}
	socket, err := new(net.ListenConfig).Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("node: listen on the socket: %w: %w", err, sinso.ErrUnavailable)
	}
	if err := os.Chmod(path, 0o600); err != nil { //nolint:gosec // its folder is 0700 already
		return nil, errors.Join(fmt.Errorf("node: the socket's rights: %w", sinso.ErrUnavailable), socket.Close())
	}
	return socket, nil
}

// tendAll resumes what was cut off, then tends the orders, the shares and what was sent now and then.
func (n *Node) tendAll(ctx context.Context) {
	if err := n.Resume(ctx, "node"); err != nil && ctx.Err() == nil {
		n.log.WarnContext(ctx, "what was cut off could not go on; it is tried again at the next start", slog.String("error", err.Error()))
	}
	close(n.resumed)
	ticker := time.NewTicker(tendEvery)
	defer ticker.Stop()
	for {
		if err := n.Tend(ctx); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "an order could not be tended; it is tried again", slog.String("error", err.Error()))
		}
		if _, err := n.Outgoing(ctx); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "what was sent to the chain could not be looked after; it is tried again", slog.String("error", err.Error()))
		}
		if err := n.TendShares(ctx); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "a share could not be ended; it is tried again, and opens nothing meanwhile", slog.String("error", err.Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
