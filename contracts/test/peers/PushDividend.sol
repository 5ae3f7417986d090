// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice OpenZeppelin's ERC-20 with dividends as they are often written: a payment to each holder. To compare with.
contract PushDividend is ERC20 {
    address[] private _holders;

    constructor(address[] memory holders, uint256 units) ERC20("Push", "PUSH") {
        for (uint256 i = 0; i < holders.length; ++i) {
            _mint(holders[i], units);
        }
        _holders = holders;
    }

    function deposit() external payable {
        uint256 supply = totalSupply();
        for (uint256 i = 0; i < _holders.length; ++i) {
            (bool ok,) = _holders[i].call{value: msg.value * balanceOf(_holders[i]) / supply}("");
            require(ok, "refused");
        }
    }
}
