// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Money
/// @notice Takes and pays amounts of the chain's own money (currency zero) and of ERC-20 tokens.
/// @dev Invariant: what {take} does not revert for has arrived whole. A token that takes a fee is refused by name; one
/// that returns nothing is taken. Both calls may run foreign code: callers change their state before {pay}, and guard
/// {take} against re-entry.
library Money {
    using SafeERC20 for IERC20;

    /// @notice `arrived` came of what was to come: the token takes a fee, or lies.
    error NotWhole(address currency, uint256 arrived, uint256 amount);
    /// @notice The payee did not take the money. It is still owed.
    error PaymentRefused(address to);
    /// @notice The money sent with the call is not what it has to be.
    error WrongValue(uint256 sentWei, uint256 amountWei);

    /// @notice Takes an amount from the caller: money as it was sent with the call, a token as it was approved.
    function take(address currency, uint256 amount) internal {
        uint256 due = currency == address(0) ? amount : 0;
        if (msg.value != due) revert WrongValue(msg.value, due);
        if (currency == address(0) || amount == 0) return;
        uint256 before = IERC20(currency).balanceOf(address(this));
        IERC20(currency).safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = IERC20(currency).balanceOf(address(this)) - before;
        if (arrived != amount) revert NotWhole(currency, arrived, amount);
    }

    /// @notice Takes an amount of an ERC-20 token from somebody who approved it and asked for it, not from the caller.
    function takeFrom(address currency, address payer, uint256 amount) internal {
        uint256 before = IERC20(currency).balanceOf(address(this));
        IERC20(currency).safeTransferFrom(payer, address(this), amount);
        uint256 arrived = IERC20(currency).balanceOf(address(this)) - before;
        if (arrived != amount) revert NotWhole(currency, arrived, amount);
    }

    /// @notice Sends an amount, with all gas that is left.
    function pay(address currency, address to, uint256 amount) internal {
        if (currency != address(0)) {
            IERC20(currency).safeTransfer(to, amount);
            return;
        }
        (bool ok,) = to.call{value: amount}("");
        if (!ok) revert PaymentRefused(to);
    }
}
