// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IVoice} from "./IVoice.sol";
import {Tally} from "./Tally.sol";

/// @title Voice
/// @notice A say in SINSO, earned by work for it (ERC-20, ERC-5805, clock of timestamps). It is no investment: it promises
/// no income, no price, no share of anything, and nobody sells it on the project's behalf.
/// @dev Invariants:
/// - the supply grows only by {mint}, for a week that is over, within the cap of that week: there is no owner;
/// - nobody's balance goes down but by its own will or allowance;
/// - votes are counted at a moment in the past, so what is borrowed and given back within a block has none.
contract Voice is IVoice, ERC20, Tally {
    /// @inheritdoc IVoice
    uint256 public immutable WEEKLY_CAP;

    address private immutable MINTER;

    mapping(uint256 week => uint256 amount) private _minted;

    /// @notice There is no supply at the start.
    /// @param minter_ Rewards, whose address is known before it is deployed.
    /// @param weeklyCap Most that can be made for one week.
    constructor(address minter_, uint256 weeklyCap) ERC20("SINSO voice", "VOICE") EIP712("SINSO voice", "1") {
        MINTER = minter_;
        WEEKLY_CAP = weeklyCap;
    }

    /// @inheritdoc IVoice
    function mint(uint256 week, uint256 amount) external {
        if (msg.sender != MINTER) revert NotMinter(msg.sender);
        if (week >= block.timestamp / 7 days) revert WeekNotOver(week);
        uint256 before = _minted[week];
        if (amount > WEEKLY_CAP - before) revert OverCap(week, amount);
        _minted[week] = before + amount;
        emit Minted(week, amount);
        _mint(msg.sender, amount);
    }

    /// @inheritdoc IVoice
    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }

    /// @inheritdoc IVoice
    function minted(uint256 week) external view returns (uint256) {
        return _minted[week];
    }

    /// @inheritdoc IVoice
    function minter() external view returns (address) {
        return MINTER;
    }

    /// @inheritdoc IVoice
    function notice() external pure returns (string memory) {
        return "A vote in the governance of SINSO. Not an investment: no income, no price, no share, no claim on anyone.";
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        _transferVotingUnits(from, to, value);
    }

    function _getVotingUnits(address account) internal view override returns (uint256) {
        return balanceOf(account);
    }
}
