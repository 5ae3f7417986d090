package s3

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"sinso.dev/sinso"
)

// Scheme is what a URL of this engine begins with.
const Scheme = "s3:"

const defaultRegion = "us-east-1"

// place is what a URL says.
type place struct {
	host   string // with the port, if there is one
	secure bool
	region string
	bucket string
	blocks string // what keys of blocks begin with
	names  string
}

var (
	bucketForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	regionForm = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)
	// A segment of a prefix: what no server, file system or proxy reads as something else.
	segmentForm = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$`)
)

const maxSegments = 8 // of a prefix

// parse reads a URL. Its errors do not repeat it: somebody may have written a key in it.
func parse(text string) (place, error) {
	bad := func(why string) (place, error) {
		return place{}, fmt.Errorf("s3: want s3:https://HOST/BUCKET[/PREFIX][?region=REGION]: %s: %w", why, sinso.ErrInvalid)
	}
	rest, ok := strings.CutPrefix(text, Scheme)
	if !ok {
		return bad("it does not begin with s3:")
	}
	u, err := url.Parse(rest)
	if err != nil || u.Host == "" || u.Hostname() == "" {
		return bad("it has no host")
	}
	if u.User != nil {
		return bad("credentials do not belong in it, they come from the environment")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return bad("https, or http on this machine itself")
	}
	query, err := url.ParseQuery(u.RawQuery)
	region := query.Get("region")
	if region == "" {
		region = defaultRegion
	}
	if query.Del("region"); err != nil || len(query) > 0 || u.Fragment != "" || !regionForm.MatchString(region) {
		return bad("after the ? there is a region alone")
	}
	segments := strings.Split(strings.Trim(u.Path, "/"), "/")
	if !bucketForm.MatchString(segments[0]) {
		return bad("the bucket has 3 to 63 of a-z, 0-9, - and .")
	}
	if len(segments) > 1+maxSegments {
		return bad("the prefix has too many parts")
	}
	for _, segment := range segments[1:] {
		if !segmentForm.MatchString(segment) {
			return bad("the parts of the prefix have a-z, A-Z, 0-9, -, _ and . and do not begin with .")
		}
	}
	prefix := strings.Join(append(segments[1:], ""), "/")
	return place{
		host: u.Host, secure: u.Scheme == "https", region: region, bucket: segments[0],
		blocks: prefix + "blocks/", names: prefix + "names/",
	}, nil
}

func isLoopback(host string) bool {
	at, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && at.IsLoopback()
}
