// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TradeState} from "./IExchange.sol";

/// @title Deals
/// @notice The one slot of a trade ({Deal}) as a word: it is read once and written once.
/// @dev From the right: 8 bits state, 8 revoked, 32 span, 40 dueAt, 160 mark, 8 transferable, as Solidity packs the struct.
library Deals {
    uint256 private constant REVOKED = 1 << 8;

    /// @notice Where the money is.
    function state(uint256 deal) internal pure returns (TradeState) {
        return TradeState(uint8(deal));
    }

    /// @notice Whether the seller ended the grant.
    function revoked(uint256 deal) internal pure returns (bool) {
        return deal & REVOKED != 0;
    }

    /// @notice Seconds, below 2^32: see {Deal}.
    function span(uint256 deal) internal pure returns (uint256) {
        return uint32(deal >> 16);
    }

    /// @notice Last moment, unix seconds, below 2^40: see {Deal}.
    function dueAt(uint256 deal) internal pure returns (uint256) {
        return uint40(deal >> 48);
    }

    /// @notice When it was delivered, unix seconds, if it was: `span` before dueAt.
    function deliveredAt(uint256 deal) internal pure returns (uint256) {
        unchecked {
            return dueAt(deal) - span(deal);
        }
    }

    /// @notice `term` seconds, below 2^32, after it was delivered.
    function until(uint256 deal, uint256 term) internal pure returns (uint256) {
        unchecked {
            return deliveredAt(deal) + term;
        }
    }

    /// @notice The seller, or what was delivered, or the buyer: see {Deal}.
    function mark(uint256 deal) internal pure returns (uint160) {
        return uint160(deal >> 88);
    }

    /// @notice The deal in another state, as much revoked as before. `span` is below 2^32, `dueAt` below 2^40.
    function turned(uint256 deal, TradeState state_, uint256 span_, uint256 dueAt_, uint160 mark_)
        internal
        pure
        returns (uint256)
    {
        return deal & REVOKED | uint256(state_) | span_ << 16 | dueAt_ << 48 | uint256(mark_) << 88;
    }

    /// @notice The deal in a state that is final and of which no licence comes: the times stay, the mark goes.
    function ended(uint256 deal, TradeState state_) internal pure returns (uint256) {
        return turned(deal, state_, span(deal), dueAt(deal), 0);
    }

    /// @notice The deal, whose licence the buyer may pass on.
    function transferable(uint256 deal) internal pure returns (uint256) {
        return deal | 1 << 248;
    }

    /// @notice The deal, whose grant the seller ended.
    function revoke(uint256 deal) internal pure returns (uint256) {
        return deal | REVOKED;
    }
}
