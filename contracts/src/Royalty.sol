// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {IAssets, Share} from "./IAssets.sol";
import {IRoyalties} from "./IRoyalties.sol";
import {IRoyalty} from "./IRoyalty.sol";
import {Splits} from "./Splits.sol";

/// @title Royalty
/// @notice The royalty receiver of one asset token: takes money and ERC-20 tokens, owes them to the split, pays on call.
/// @dev Every token has a clone of its own, so a strange ERC-20 token can harm nobody but those it pays. A clone stores
/// neither its token ID nor its split: an asset is the right one if its ID leads to the clone's own address.
/// Invariants:
/// - what is owed in a currency adds up to no more than what is here of it;
/// - each coin that came in is distributed once, by the split, to the wei.
contract Royalty is IRoyalty, ReentrancyGuard {
    using SafeERC20 for IERC20;

    IAssets private immutable ASSETS;
    IRoyalties private immutable ROYALTIES;

    mapping(address currency => mapping(address payee => uint256 amount)) private _owed;
    mapping(address currency => uint256 amount) private _totalOwed;

    /// @notice Made once, by {Royalties}; every receiver is a clone of it.
    /// @param assets The Assets contract.
    constructor(address assets) {
        ASSETS = IAssets(assets);
        ROYALTIES = IRoyalties(msg.sender);
    }

    /// @inheritdoc IRoyalty
    function distribute(address currency, bytes32 contentCommitment, Share[] calldata split) external nonReentrant {
        if (split.length == 0) revert WrongAsset();
        uint256 tokenId = Splits.tokenOf(contentCommitment, split);
        // An asset that was entered has a valid split.
        if (ROYALTIES.receiverOf(tokenId) != address(this) || !ASSETS.entered(tokenId)) revert WrongAsset();

        uint256 here = currency == address(0) ? address(this).balance : IERC20(currency).balanceOf(address(this));
        uint256 promised = _totalOwed[currency];
        // A token that shrinks its holders' balances can leave less here than was promised.
        if (here <= promised) revert NothingToDistribute();
        _totalOwed[currency] = here;
        uint256[] memory parts = Splits.cut(here - promised, split);
        for (uint256 i = 0; i < parts.length; ++i) {
            _owed[currency][split[i].payee] += parts[i];
        }
        emit Distributed(currency, here - promised);
    }

    /// @inheritdoc IRoyalty
    function withdraw(address currency, address payee) external nonReentrant {
        _pay(currency, payee, payee);
    }

    /// @inheritdoc IRoyalty
    function withdrawTo(address currency, address to) external nonReentrant {
        _pay(currency, msg.sender, to);
    }

    /// @inheritdoc IRoyalty
    function owed(address currency, address payee) external view returns (uint256) {
        return _owed[currency][payee];
    }

    function _pay(address currency, address payee, address to) private {
        uint256 amount = _owed[currency][payee];
        if (amount == 0) revert NothingOwed(payee);
        delete _owed[currency][payee];
        _totalOwed[currency] -= amount;
        emit Withdrawn(currency, payee, to, amount);
        if (currency != address(0)) {
            IERC20(currency).safeTransfer(to, amount);
            return;
        }
        (bool ok,) = to.call{value: amount}("");
        if (!ok) revert PaymentRefused(to);
    }
}
