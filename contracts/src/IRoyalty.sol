// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Share} from "./IAssets.sol";

/// @title IRoyalty
/// @notice The royalty receiver of one asset token: takes money and ERC-20 tokens, owes them to the split, pays on call.
/// @dev Everywhere in this contract the currency zero is the chain's own money; any other is an ERC-20 token.
interface IRoyalty {
    /// @notice What had come in was divided by the split.
    event Distributed(address indexed currency, uint256 amount);
    /// @notice A payee took what it was owed.
    event Withdrawn(address indexed currency, address indexed payee, address indexed to, uint256 amount);

    /// @notice Nothing came in since the last time.
    error NothingToDistribute();
    /// @notice The payee is owed nothing.
    error NothingOwed(address payee);
    /// @notice The payee did not take the money. It is still owed.
    error PaymentRefused(address to);
    /// @notice This is not the receiver of that asset, or the asset was never entered.
    error WrongAsset();

    /// @notice Divides what came in by the split of this receiver's asset. Anyone may.
    /// @param currency Zero, or an ERC-20 token.
    /// @param contentCommitment As entered in Assets.
    /// @param split As entered in Assets.
    function distribute(address currency, bytes32 contentCommitment, Share[] calldata split) external;

    /// @notice Sends a payee what it is owed. Anyone may call it; a payee that refuses harms itself alone.
    function withdraw(address currency, address payee) external;

    /// @notice Sends what the caller is owed to another address: for a payee that cannot receive.
    function withdrawTo(address currency, address to) external;

    /// @notice What a payee is owed.
    function owed(address currency, address payee) external view returns (uint256 amount);
}
