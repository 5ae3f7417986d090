package evm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/ethereum/go-ethereum/rpc"

	"sinso.dev/sinso"
)

// fault gives an error of the client its class. What the endpoint wrote is
// cut to a short printable line, and its URL, which may hold an access key, is
// left out.
func fault(doing string, err error) error {
	if err == nil || classed(err) {
		return err
	}
	text := excerpt(err)
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("chain: %s: %w: %w", doing, sinso.ErrUnavailable, context.Canceled)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("chain: %s: the chain did not answer in time; it is safe to try again: %w: %w",
			doing, sinso.ErrUnavailable, context.DeadlineExceeded)
	case poor(err):
		return fmt.Errorf("chain: %s: the account has too little money for the price and the gas: %w", doing, sinso.ErrDenied)
	}
	return fmt.Errorf("chain: %s: %s: %w", doing, text, sinso.ErrUnavailable)
}

// poor says whether the endpoint finds too little money in the account. Nodes
// say so in words only, some with a capital.
func poor(err error) bool {
	return strings.Contains(strings.ToLower(err.Error()), "insufficient funds")
}

// classed says whether an error already has one of our classes.
func classed(err error) bool {
	for _, class := range []error{
		sinso.ErrInvalid, sinso.ErrNotFound, sinso.ErrDenied, sinso.ErrCorrupt, sinso.ErrUnavailable, sinso.ErrUnsupported,
	} {
		if errors.Is(err, class) {
			return true
		}
	}
	return false
}

// answered says whether the endpoint took the request and refused it for what
// was asked, rather than being away, busy or closed to us.
func answered(err error) bool {
	var status rpc.HTTPError
	if errors.As(err, &status) {
		return status.StatusCode == http.StatusBadRequest || status.StatusCode == http.StatusRequestEntityTooLarge
	}
	var refusal rpc.Error
	return errors.As(err, &refusal) || errors.Is(err, errTooLong)
}

func excerpt(err error) string {
	var at *url.Error
	if errors.As(err, &at) {
		err = at.Err
	}
	var status rpc.HTTPError
	if errors.As(err, &status) {
		return fmt.Sprintf("the endpoint answered with HTTP status %d", status.StatusCode)
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return "the endpoint's answer is no JSON"
	}
	const most = 200
	line := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, err.Error()[:min(len(err.Error()), 4*most)])
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return line
}

// lie is an answer that cannot be true.
func lie(doing, what string) error {
	return fmt.Errorf("chain: %s: the endpoint's answer cannot be true: %s; nothing was decided on it, try another endpoint: %w",
		doing, what, sinso.ErrCorrupt)
}
