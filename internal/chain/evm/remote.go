package evm

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
)

// What a program that signs speaks.
const (
	speaksClef = "clef" // account_signTransaction, as go-ethereum's clef has it
	speaksEth  = "eth"  // eth_signTransaction (EIP-1474)
)

const (
	// maxSigned bounds what a program that signs answers, in bytes: it may have a transaction of
	// 128 KiB, in hex, as its bytes and once more as its fields.
	maxSigned = 2 << 20
	// patience is how long a signature is waited for: a person may have to press a button.
	patience = 2 * time.Minute
	// maxHello is how long a program is waited for that is only asked what it is.
	maxHello = 10 * time.Second
)

// noMethod is the code of a method that is not there (JSON-RPC 2.0 §5.1).
const noMethod = -32601

// SignerConfig is what [NewSigner] needs to know.
type SignerConfig struct {
	// URL is where the program is asked: https, http on this machine, or the path of a socket.
	URL string
	// Account is whose transactions it signs.
	Account sinso.Address
	// Clock says when it is asked again for what it refused.
	Clock sinso.Clock
}

// Signer is another program that signs for the node's account: transactions, and texts as a [sinso.TextSigner]. What it
// answers is not believed.
type Signer struct {
	account  sinso.Address
	wire     wire
	clock    sinso.Clock
	patience time.Duration

	mu     sync.Mutex // guards what follows
	speaks string     // "": it was not asked yet
	silent pause
	denied map[sinso.Hash]denial // by the matter's name
	texts  []signedText          // the newest last
}

// wire is how a program is asked. An answer is bounded in bytes, and the time by ctx.
type wire interface {
	call(ctx context.Context, into any, method string, args ...any) error
	close()
}

// NewSigner makes a signer of a program that speaks JSON-RPC: clef, by account_signTransaction, or
// any that knows eth_signTransaction. It is not asked for anything yet: it may be away. ErrInvalid:
// the URL is none where signatures may be asked for, see [CheckSignerURL].
func NewSigner(ctx context.Context, cfg SignerConfig) (*Signer, error) {
	if err := CheckSignerURL(cfg.URL); err != nil {
		return nil, err
	}
	s := &Signer{account: cfg.Account, clock: cfg.Clock, patience: patience, denied: map[sinso.Hash]denial{}}
	if isPath(cfg.URL) {
		s.wire = socketWire(cfg.URL)
		return s, nil
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	client, err := rpc.DialOptions(ctx, cfg.URL, rpc.WithHTTPClient(&http.Client{
		Transport:     bounded{transport, maxSigned},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}))
	if err != nil {
		return nil, fmt.Errorf("the signer's URL cannot be used: %w", sinso.ErrInvalid)
	}
	s.wire = httpWire{client, transport}
	return s, nil
}

// CheckSignerURL is ErrInvalid if signatures must not be asked for there: whoever listens spends the
// account's money, so that it is a socket or a port of this machine, or has TLS.
func CheckSignerURL(endpoint string) error {
	if isPath(endpoint) {
		return nil
	}
	at, err := url.Parse(endpoint)
	if err == nil && at.Host != "" && (at.Scheme == "https" || at.Scheme == "http" && loopback(at.Hostname())) {
		return nil
	}
	if err == nil && at.Scheme == "http" {
		return fmt.Errorf("the signer is asked by plain http, and that only on this machine: anybody between could change what is signed; use https there, or a tunnel that ends here: %w", sinso.ErrInvalid)
	}
	return fmt.Errorf("the signer's URL must begin with https, or with http and be on this machine, or be the path of a socket: %w", sinso.ErrInvalid)
}

func isPath(endpoint string) bool {
	return strings.HasPrefix(endpoint, "/") || strings.HasPrefix(endpoint, "./") || strings.HasPrefix(endpoint, "../")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// httpWire asks by HTTP.
type httpWire struct {
	rpc       *rpc.Client
	transport *http.Transport
}

func (w httpWire) call(ctx context.Context, into any, method string, args ...any) error {
	return w.rpc.CallContext(ctx, into, method, args...)
}

func (w httpWire) close() {
	w.rpc.Close()
	w.transport.CloseIdleConnections()
}

// socketWire asks by a socket of this machine, over a connection for each question: a program that
// was started again is found, and what it may say is bounded.
type socketWire string

func (w socketWire) call(ctx context.Context, into any, method string, args ...any) error {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", string(w))
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // the answer was read
	// Closing it is what ends a question that is not read.
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	answer, err := exchange(conn, method, args)
	if err == nil {
		err = json.Unmarshal(answer, into)
	}
	return cmp.Or(ctx.Err(), err)
}

// exchange asks one question over a connection, and reads its answer (JSON-RPC 2.0 §4, §5).
func exchange(conn io.ReadWriter, method string, args []any) (json.RawMessage, error) {
	const id = "1"
	question := map[string]any{"jsonrpc": "2.0", "id": json.RawMessage(id), "method": method, "params": append([]any{}, args...)}
	if err := json.NewEncoder(conn).Encode(question); err != nil {
		return nil, err
	}
	var answer struct {
		ID     json.RawMessage `json:"id"`
		Result json.RawMessage `json:"result"`
		Error  *refusalError   `json:"error"`
	}
	within := &io.LimitedReader{R: conn, N: maxSigned}
	switch err := json.NewDecoder(within).Decode(&answer); {
	case err != nil && within.N == 0:
		return nil, errTooLong
	case err != nil:
		return nil, err
	case answer.Error != nil:
		return nil, answer.Error
	case string(answer.ID) != id:
		return nil, errors.New("it answered another question")
	case answer.Result == nil:
		return json.RawMessage("null"), nil
	}
	return answer.Result, nil
}

// refusalError is a [rpc.Error].
type refusalError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *refusalError) Error() string  { return e.Message }
func (e *refusalError) ErrorCode() int { return e.Code }

func (socketWire) close() {}

// Close ends the connection to the program.
func (s *Signer) Close() error {
	s.wire.close()
	return nil
}

// sign implements signer. What comes back is a transaction, and perhaps another one.
func (s *Signer) sign(whole context.Context, doing string, chain *big.Int, tx *types.Transaction) (*types.Transaction, error) {
	what, args := matter{asked(tx), doing}, []any{s.arguments(chain, tx)}
	answer, err := s.ask(whole, what, map[string][]ask{
		speaksClef: {{"account_signTransaction", args}}, speaksEth: {{"eth_signTransaction", args}},
	})
	if err != nil {
		return nil, err
	}
	signed := opened(answer)
	if signed == nil || !same(chain, tx, signed, common.Address(s.account)) {
		s.deny(what)
		return nil, errForged
	}
	s.agreed(what.name)
	return signed, nil
}

// matter is something that a signature is asked for.
type matter struct {
	name  sinso.Hash
	doing string // for people, in the infinitive
}

// ask is a question by which a signature is asked for.
type ask struct {
	method string
	args   []any
}

// ask asks for the signature of what, by the first of the questions for what the program speaks that it knows, and waits
// for it, unless the program is left in peace.
func (s *Signer) ask(whole context.Context, what matter, by map[string][]ask) (answer json.RawMessage, err error) {
	if err := s.rests(what.name); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(whole, s.patience)
	defer cancel()
	speaks, err := s.language(ctx)
	if err != nil {
		return nil, err
	}
	for _, question := range by[speaks] {
		if err = s.wire.call(ctx, &answer, question.method, question.args...); !unknown(err) {
			break
		}
	}
	if refused(err) {
		return nil, s.unwilling(what, err)
	}
	if err != nil {
		return nil, s.fault(whole, err)
	}
	return answer, nil
}

// unknown says whether the program does not know a method.
func unknown(err error) bool {
	var refusal rpc.Error
	return errors.As(err, &refusal) && refusal.ErrorCode() == noMethod
}

// errForged is said of an answer that is not what was asked for.
var errForged = fmt.Errorf("the signer answered with no transaction, another one, or for another account or chain; nothing was sent: look at what signs there before you try again: %w", sinso.ErrCorrupt)

// same says whether a signed transaction is the one that was asked for, by the account that should
// sign it. The hash has every field but the signature; a signature that names no chain counts on all.
func same(chain *big.Int, want, signed *types.Transaction, by common.Address) bool {
	london := types.NewLondonSigner(chain)
	from, err := types.Sender(london, signed)
	return err == nil && from == by && signed.ChainId().Cmp(chain) == 0 && london.Hash(signed) == london.Hash(want)
}

// language is what the program speaks. One that was replaced by another is found out when it knows a method no more.
func (s *Signer) language(ctx context.Context) (string, error) {
	s.mu.Lock()
	speaks := s.speaks
	s.mu.Unlock()
	if speaks != "" {
		return speaks, nil
	}
	return s.greet(ctx)
}

// greet finds out what the program speaks. It signs nothing for that.
func (s *Signer) greet(whole context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(whole, min(maxHello, s.patience))
	defer cancel()
	speaks := speaksClef
	var version string
	err := s.wire.call(ctx, &version, "account_version")
	if refused(err) {
		speaks = speaksEth
		var accounts []common.Address
		err = s.wire.call(ctx, &accounts, "eth_accounts")
	}
	if refused(err) {
		return "", fmt.Errorf("the program that should sign for the node's account knows neither account_version nor eth_accounts, so it is neither clef nor one with eth_signTransaction; nothing was sent: look at the setting chain-key: %w", sinso.ErrUnsupported)
	}
	if err != nil {
		return "", s.fault(whole, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.speaks = speaks
	return speaks, nil
}

// refused says whether the program took a question and answered it with an error.
func refused(err error) bool {
	var refusal rpc.Error
	return errors.As(err, &refusal)
}

// arguments are those of either method. Addresses have their checksum (EIP-55): clef warns without.
func (s *Signer) arguments(chain *big.Int, tx *types.Transaction) map[string]any {
	args := map[string]any{
		"from": common.Address(s.account).Hex(), "chainId": (*hexutil.Big)(chain), "nonce": hexutil.Uint64(tx.Nonce()),
		"gas": hexutil.Uint64(tx.Gas()), "value": (*hexutil.Big)(tx.Value()), "data": hexutil.Bytes(tx.Data()),
	}
	if tx.To() != nil {
		args["to"] = tx.To().Hex()
	}
	if tx.Type() == types.LegacyTxType {
		args["gasPrice"] = (*hexutil.Big)(tx.GasPrice())
	} else {
		args["maxFeePerGas"], args["maxPriorityFeePerGas"] = (*hexutil.Big)(tx.GasFeeCap()), (*hexutil.Big)(tx.GasTipCap())
	}
	return args
}

// opened reads an answer: some are the transaction alone, most have it and its fields. Nil: it is none.
func opened(answer json.RawMessage) *types.Transaction {
	var whole struct {
		Raw hexutil.Bytes `json:"raw"`
	}
	signed := new(types.Transaction)
	if json.Unmarshal(answer, &whole) != nil && json.Unmarshal(answer, &whole.Raw) != nil || signed.UnmarshalBinary(whole.Raw) != nil {
		return nil
	}
	return signed
}

// asked names what a transaction is for, whatever its nonce and fees.
func asked(tx *types.Transaction) sinso.Hash {
	var to []byte
	if tx.To() != nil {
		to = tx.To()[:]
	}
	return sinso.Hash(crypto.Keccak256Hash(crypto.Keccak256(to), common.BigToHash(tx.Value()).Bytes(), tx.Data()))
}

// pause is how long somebody is left in peace.
type pause struct {
	times int // in a row
	until time.Time
}

// denial is what was refused, and until when it is not asked for again.
type denial struct {
	pause
	doing string
}

// longer is the pause after one more time: a minute first, then several times as long, up to most.
func (p pause) longer(now time.Time, several int, most time.Duration) pause {
	wait := time.Minute
	for range p.times {
		wait = min(wait*time.Duration(several), most)
	}
	return pause{p.times + 1, now.Add(wait)}
}

const (
	// maxSilence and maxDenied are the longest pauses after a silence, and after a refusal.
	maxSilence = 15 * time.Minute
	maxDenied  = 24 * time.Hour
	// maxDenials is how many refusals are remembered: beyond it the one is forgotten that ends first.
	maxDenials = 1024
)

// rests is the error while the program is left in peace: a person who refused is not asked again and
// again, nor does all wait each time for one who is not there.
func (s *Signer) rests(what sinso.Hash) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	if p := s.denied[what]; now.Before(p.until) {
		return fmt.Errorf("%w; it is asked again after %s", sinso.ErrUnwilling, p.until.UTC().Format(time.RFC3339))
	}
	if now.Before(s.silent.until) {
		return fmt.Errorf("the program that signs for the node's account did not answer a while ago; nothing was sent, and it is asked again after %s: %w",
			s.silent.until.UTC().Format(time.RFC3339), sinso.ErrUnavailable)
	}
	return nil
}

// agreed takes down that the program signed.
func (s *Signer) agreed(what sinso.Hash) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silent = pause{}
	delete(s.denied, what)
}

// unwilling takes down that the program refused, and is the error for it.
func (s *Signer) unwilling(what matter, err error) error {
	until := s.deny(what)
	if unknown(err) {
		s.mu.Lock()
		s.speaks = "" // another program is there now
		s.mu.Unlock()
	}
	return fmt.Errorf("%w (%s); it is asked again after %s", sinso.ErrUnwilling, excerpt(err), until.UTC().Format(time.RFC3339))
}

// deny leaves the program in peace with something for a while.
func (s *Signer) deny(what matter) (until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silent = pause{}
	p := s.denied[what.name].longer(s.clock.Now(), 4, maxDenied)
	s.denied[what.name] = denial{p, what.doing}
	if len(s.denied) > maxDenials {
		s.forget()
	}
	return p.until
}

// Waits says what it refused of late and did not sign since, in the infinitive and in order, a sentence's part for each
// thing, and whether it is left in peace for its silence.
func (s *Signer) Waits() (refused []string, silent bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.Now()
	for _, d := range s.denied {
		if now.Before(d.until.Add(maxDenied)) {
			refused = append(refused, d.doing)
		}
	}
	slices.Sort(refused)
	return refused, now.Before(s.silent.until)
}

// forget drops the refusal whose pause ends first. The caller holds mu.
func (s *Signer) forget() {
	var first sinso.Hash
	for what, p := range s.denied {
		if at, ok := s.denied[first]; !ok || p.until.Before(at.until) {
			first = what
		}
	}
	delete(s.denied, first)
}

// fault is the error for a program that did not answer, and takes down its silence: not that of one
// who was given less time, because the whole call ended.
func (s *Signer) fault(whole context.Context, err error) error {
	why := excerpt(err)
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("the signature was not waited for; nothing was sent: %w: %w", sinso.ErrUnavailable, context.Canceled)
	case errors.Is(err, context.DeadlineExceeded):
		why = "it was waited for long enough"
		if whole.Err() == nil {
			s.quiet()
		}
	case errors.Is(err, errTooLong):
		why = "its answer is too long"
	case isNet(err):
		why = "it cannot be reached"
	}
	return fmt.Errorf("the program that signs for the node's account did not answer: %s; nothing was sent, and it is safe to try again once it is there: %w", why, sinso.ErrUnavailable)
}

// quiet leaves a silent program in peace for a while.
func (s *Signer) quiet() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silent = s.silent.longer(s.clock.Now(), 2, maxSilence)
}

// isNet says whether an error is of the way to the program: its words may have where that is.
func isNet(err error) bool {
	var network *net.OpError
	return errors.As(err, &network)
}

// SignerState is who signs for a node's account.
type SignerState struct {
	Answers bool   `json:"answers"`
	Speaks  string `json:"speaks"` // "clef" or "eth"; "": it did not answer
	Has     *bool  `json:"has"`    // whether it says that it has the account; null: it does not say
	Problem string `json:"problem,omitempty"`
}

// State asks the program what it is and whether it has the account. It signs nothing for that.
func (s *Signer) State(ctx context.Context) SignerState {
	speaks, err := s.greet(ctx)
	if err != nil {
		return SignerState{Problem: err.Error()}
	}
	state := SignerState{Answers: true, Speaks: speaks}
	method := "account_list"
	if speaks == speaksEth {
		method = "eth_accounts"
	}
	ctx, cancel := context.WithTimeout(ctx, maxHello)
	defer cancel()
	var accounts []common.Address
	if err := s.wire.call(ctx, &accounts, method); err != nil {
		return state // a person may not want to say, and signs nevertheless
	}
	has := slices.Contains(accounts, common.Address(s.account))
	if state.Has = &has; !has {
		state.Problem = "it does not have the node's account"
	}
	return state
}
