// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";

/// @notice What an asset is fractionalised by. None of it can change but the steward.
/// @param supply How many fractions there are, for ever; at least 1.
/// @param currency What dividends and offers are paid in: zero is the chain's own money, else an ERC-20 token.
/// @param steward Signs licence sales for the vault, on Exchange and in this currency alone; zero is nobody. See
/// {IFraction-isValidSignature}.
/// @param salt Makes vaults of the same token and terms differ.
struct FractionTerms {
    uint32 supply;
    address currency;
    address steward;
    bytes32 salt;
}

/// @title IFractions
/// @notice Makes the vault of an asset, whose fractions are an ERC-20 token. Send the asset here by
/// `safeTransferFrom(owner, fractions, tokenId, abi.encode(terms))`; the owner gets all fractions.
/// @dev An asset that is sent by plain `transferFrom` comes without terms and is lost.
interface IFractions is IERC721Receiver {
    /// @notice `owner` put the asset into the vault `fraction` and holds all its fractions.
    event Fractionalised(uint256 indexed tokenId, address indexed fraction, address indexed owner, FractionTerms terms);

    /// @notice The supply is zero, or the currency is no contract, or is the Assets contract.
    error BadTerms();
    /// @notice Only tokens of the Assets contract can be fractionalised.
    error NotAnAsset(address token);

    /// @notice Where the vault of an asset by these terms is or would be (CREATE2, EIP-1014): a contract at any other
    /// address is none of these vaults.
    function fractionOf(uint256 tokenId, FractionTerms calldata terms) external view returns (address fraction);
}
