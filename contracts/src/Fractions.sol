// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Fraction} from "./Fraction.sol";
import {IFractions, FractionTerms} from "./IFractions.sol";
import {IPause} from "./IPause.sol";

/// @title Fractions
/// @notice Makes the vault of an asset, whose fractions are an ERC-20 token.
/// @dev Invariants:
/// - a vault is started once, in the call that makes it, and has its asset then;
/// - terms are part of a vault's code and of its address: nobody can change them or make a vault look like another;
/// - it keeps nothing and has no say in a vault after.
contract Fractions is IFractions {
    IERC721 private immutable ASSETS;
    IPause private immutable PAUSE;
    Fraction private immutable IMPLEMENTATION;

    /// @notice There is nothing else to set, now or later.
    /// @param assets The Assets contract.
    /// @param exchange Where a vault sells licences.
    /// @param pause Asked before an asset is taken in ({IPause}); zero is none. No vault asks it anything.
    constructor(address assets, address exchange, address pause) {
        ASSETS = IERC721(assets);
        PAUSE = IPause(pause);
        IMPLEMENTATION = new Fraction(assets, exchange);
    }

    /// @inheritdoc IERC721Receiver
    /// @dev `data` is abi.encode(FractionTerms). It runs no foreign code.
    function onERC721Received(address, address from, uint256 tokenId, bytes calldata data) external returns (bytes4) {
        if (msg.sender != address(ASSETS)) revert NotAnAsset(msg.sender);
        if (address(PAUSE) != address(0)) PAUSE.check();
        FractionTerms memory terms = abi.decode(data, (FractionTerms));
        address currency = terms.currency;
        bool money = currency == address(0) || (currency.code.length != 0 && currency != address(ASSETS));
        if (terms.supply == 0 || !money) revert BadTerms();

        address made = Clones.cloneDeterministicWithImmutableArgs(
            address(IMPLEMENTATION), _args(tokenId, terms), terms.salt
        );
        emit Fractionalised(tokenId, made, from, terms);
        Fraction(payable(made)).start(from);
        ASSETS.transferFrom(address(this), made, tokenId);
        return IERC721Receiver.onERC721Received.selector;
    }

    /// @inheritdoc IFractions
    function fractionOf(uint256 tokenId, FractionTerms calldata terms) external view returns (address fraction) {
        return Clones.predictDeterministicAddressWithImmutableArgs(
            address(IMPLEMENTATION), _args(tokenId, terms), terms.salt
        );
    }

    /// @dev What is stored as a vault's code: 76 bytes of code cost less than one slot of storage, and cannot change.
    function _args(uint256 tokenId, FractionTerms memory terms) private pure returns (bytes memory) {
        return abi.encodePacked(tokenId, terms.currency, terms.steward, terms.supply);
    }
}
