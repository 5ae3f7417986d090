package node

import (
	"sinso.dev/sinso"
	"sinso.dev/sinso/internal/stage/market"
)

// LicenceText is the text of a licence, which an order is signed under.
func LicenceText(licence sinso.Licence) string { return market.LicenceText(licence) }
