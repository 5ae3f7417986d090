// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ILedger} from "./ILedger.sol";
import {Money} from "./Money.sol";

/// @title Ledger
/// @notice Owes amounts to payees, who take them themselves: no payment is pushed (pull payments).
/// @dev Invariant: what is owed to a payee goes down only by as much as is sent for it. It is taken off before it is sent,
/// so who calls back is owed nothing. Nothing here can be paused.
abstract contract Ledger is ILedger {
    mapping(address currency => mapping(address payee => uint256 amount)) private _owed;

    /// @inheritdoc ILedger
    function withdraw(address currency, address payee) external {
        _withdraw(currency, payee, payee);
    }

    /// @inheritdoc ILedger
    function withdrawTo(address currency, address to) external {
        _withdraw(currency, msg.sender, to);
    }

    /// @inheritdoc ILedger
    function owed(address currency, address payee) external view returns (uint256) {
        return _owed[currency][payee];
    }

    /// @dev Owes a payee more. The caller says so in an event of its own.
    function _owe(address currency, address payee, uint256 amount) internal {
        if (amount != 0) _owed[currency][payee] += amount;
    }

    function _withdraw(address currency, address payee, address to) private {
        uint256 amount = _owed[currency][payee];
        if (amount == 0) revert NothingOwed(currency, payee);
        delete _owed[currency][payee];
        emit Withdrawn(currency, payee, to, amount);
        Money.pay(currency, to, amount);
    }
}
