// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ILedger
/// @notice What is owed to whom, and how they take it. Currency zero is the chain's own money; any other is an ERC-20 token.
interface ILedger {
    /// @notice A payee took what it was owed.
    event Withdrawn(address indexed currency, address indexed payee, address indexed to, uint256 amount);

    /// @notice The payee is owed nothing.
    error NothingOwed(address currency, address payee);

    /// @notice Sends a payee what it is owed. Anyone may call it; a payee that refuses harms itself alone.
    function withdraw(address currency, address payee) external;

    /// @notice Sends what the caller is owed to another address: for a payee that cannot receive.
    function withdrawTo(address currency, address to) external;

    /// @notice What a payee is owed.
    function owed(address currency, address payee) external view returns (uint256 amount);
}
