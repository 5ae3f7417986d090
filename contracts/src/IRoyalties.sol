// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IRoyalties
/// @notice Makes the royalty receiver of each asset token, at an address that is known before.
interface IRoyalties {
    /// @notice The receiver of a token was deployed.
    event Opened(uint256 indexed tokenId, address receiver);

    /// @notice The receiver could not be deployed.
    error NotOpened(uint256 tokenId);

    /// @notice Deploys the receiver of a token, if it is not there yet. Anyone may.
    /// @return receiver What {receiverOf} says.
    function open(uint256 tokenId) external returns (address receiver);

    /// @notice Where the royalties of a token go (CREATE2, EIP-1014), whether there is code yet or not.
    function receiverOf(uint256 tokenId) external view returns (address receiver);
}
