// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Votes} from "@openzeppelin/contracts/governance/utils/Votes.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @title Tally
/// @notice Votes that can be counted as they were at a past moment (ERC-5805), by OpenZeppelin's rules in fewer slots: what
/// an account has, and since when, is in one, which is all that a question about now or a moment ago reads. When it changes at
/// a later moment, what was is written behind it.
/// @dev Invariants:
/// - the moments of one line rise, and none is later than the clock;
/// - what was at a moment that has passed never changes.
abstract contract Tally is Votes {
    /// @dev `last` is one word: from when on, 48 bits, zero if there never were any; how many stand behind it, 48 bits; and the
    /// votes, 160 bits. `was` is what was before the last change, and before that, the oldest first.
    struct Line {
        uint256 last;
        mapping(uint256 index => Checkpoints.Checkpoint208) was;
    }

    uint256 private constant SINCE = 208; // bits below it
    uint256 private constant BEFORE = 160;

    mapping(address account => Line) private _lines;
    Line private _supply;

    /// @inheritdoc Votes
    function getVotes(address account) public view override returns (uint256) {
        return uint160(_lines[account].last);
    }

    /// @inheritdoc Votes
    function getPastVotes(address account, uint256 timepoint) public view override returns (uint256) {
        return _at(_lines[account], timepoint);
    }

    /// @inheritdoc Votes
    function getPastTotalSupply(uint256 timepoint) public view override returns (uint256) {
        return _at(_supply, timepoint);
    }

    /// @inheritdoc Votes
    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable func-name-mixedcase
    /// @inheritdoc Votes
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    // solhint-enable func-name-mixedcase

    function _transferVotingUnits(address from, address to, uint256 amount) internal override {
        if (from == address(0)) _write(_supply, _getTotalSupply() + amount);
        if (to == address(0)) _write(_supply, _getTotalSupply() - amount);
        _moveDelegateVotes(delegates(from), delegates(to), amount);
    }

    function _moveDelegateVotes(address from, address to, uint256 amount) internal override {
        if (from == to || amount == 0) return;
        if (from != address(0)) {
            uint256 had = getVotes(from);
            _write(_lines[from], had - amount);
            emit DelegateVotesChanged(from, had, had - amount);
        }
        if (to != address(0)) {
            uint256 had = getVotes(to);
            _write(_lines[to], had + amount);
            emit DelegateVotesChanged(to, had, had + amount);
        }
    }

    function _getTotalSupply() internal view override returns (uint256) {
        return uint160(_supply.last);
    }

    function _write(Line storage line, uint256 votes) private {
        uint256 last = line.last;
        uint256 since = last >> SINCE;
        uint256 before = uint48(last >> BEFORE);
        if (since != block.timestamp && last != 0) {
            line.was[before] = Checkpoints.Checkpoint208(uint48(since), uint160(last));
            ++before;
        }
        line.last = block.timestamp << SINCE | before << BEFORE | SafeCast.toUint160(votes);
    }

    function _at(Line storage line, uint256 timepoint) private view returns (uint256) {
        if (timepoint >= block.timestamp) revert ERC5805FutureLookup(timepoint, clock());
        uint256 last = line.last;
        return last >> SINCE <= timepoint ? uint160(last) : _before(line, uint48(last >> BEFORE), timepoint);
    }

    /// @dev What was at a moment, of the first `count` of a line: back from the newest in steps that double, and between the
    /// last two by halves.
    function _before(Line storage line, uint256 count, uint256 timepoint) private view returns (uint256) {
        uint256 low = count; // below it moments are at most the timepoint, once the steps are over
        for (uint256 step = 1; low != 0; step *= 2) {
            low = low > step ? low - step : 0;
            if (line.was[low]._key <= timepoint) break;
            count = low; // from here on all are later
        }
        while (low < count) {
            uint256 middle = (low + count) / 2;
            if (line.was[middle]._key <= timepoint) low = middle + 1;
            else count = middle;
        }
        return count == 0 ? 0 : line.was[count - 1]._value;
    }
}
