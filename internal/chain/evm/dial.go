package evm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
)

const (
	// maxAnswer bounds one answer, in bytes. A page of logs that is longer is
	// asked for again in two halves.
	maxAnswer = 8 << 20
	// maxAsk bounds one request, so that an endpoint that hangs is found out
	// before the call's whole time is gone.
	maxAsk = 20 * time.Second
)

var errTooLong = errors.New("the answer is too long")

// dial connects to an endpoint that is not trusted to keep its answers short.
func dial(ctx context.Context, endpoint string) (*rpc.Client, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return nil, fmt.Errorf("chain: the endpoint is not a URL: %w", sinso.ErrInvalid)
	}
	switch u.Scheme {
	case "http", "https", "ws", "wss":
	default:
		return nil, fmt.Errorf("chain: the endpoint's URL must begin with http, https, ws or wss: %w", sinso.ErrInvalid)
	}
	client, err := rpc.DialOptions(ctx, endpoint,
		rpc.WithHTTPClient(&http.Client{
			Transport: bounded{http.DefaultTransport, maxAnswer},
			Timeout:   maxAsk,
			// An endpoint is where it was said to be; a key in its URL goes nowhere else.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}),
		rpc.WithWebsocketMessageSizeLimit(maxAnswer))
	if err != nil {
		return nil, fault("connect", err)
	}
	return client, nil
}

// bounded cuts off answers after so many bytes.
type bounded struct {
	next http.RoundTripper
	most int
}

func (b bounded) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := b.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if response.ContentLength > int64(b.most) {
		_ = response.Body.Close()
		return nil, errTooLong
	}
	response.Body = &boundedBody{ReadCloser: response.Body, left: b.most}
	return response, nil
}

type boundedBody struct {
	io.ReadCloser
	left int
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, errTooLong
	}
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
