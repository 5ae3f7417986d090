// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice ERC-721 tokens, as far as a holder of them calls them, with bad habits.
contract Tokens {
    enum Habit {
        Plain,
        MovesNothing,
        CallsBack
    }

    Habit public habit;
    mapping(uint256 tokenId => address owner) public ownerOf;
    address private _target;
    bytes private _call;
    uint256 public reentered; // calls back that succeeded

    constructor(Habit habit_) {
        habit = habit_;
    }

    function mint(address to, uint256 tokenId) external {
        ownerOf[tokenId] = to;
    }

    function reenter(address target, bytes calldata data) external {
        (_target, _call) = (target, data);
    }

    /// @dev Asks for no approval: that is not what is tested with it.
    function transferFrom(address from, address to, uint256 tokenId) external {
        if (habit == Habit.MovesNothing) return;
        if (habit == Habit.CallsBack) {
            (bool ok,) = _target.call(_call);
            if (ok) ++reentered;
        }
        require(ownerOf[tokenId] == from, "owner");
        ownerOf[tokenId] = to;
    }
}
